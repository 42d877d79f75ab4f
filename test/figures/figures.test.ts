import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { replay } from '../cli/run.ts';
import { FIGURES } from './figures.js';

const readme = readFileSync('README.md', 'utf8');

describe.each(FIGURES)('the figure $file', ({ file, args }) => {
  it('is what is drawn', async () => {
    const { stdout } = await replay(['--reporter', 'svg', ...args]);
    expect(stdout).toBe(readFileSync(file, 'utf8'));
  });

  it('stands in the README, with words for those who do not see it', () => {
    expect(readme).toMatch(new RegExp(`!\\[[^\\]]{20,}\\]\\(${file}\\)`));
  });
});

it('no figure is left that nobody draws', () => {
  const files = readdirSync('traces/figures').map((name) => `traces/figures/${name}`);
  expect(files.sort()).toEqual(FIGURES.map(({ file }) => file).sort());
});
