import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readWorld } from '../src/explore/index.ts';
import { environment, replay } from './cli/run.ts';

const readme = readFileSync('README.md', 'utf8');

/** The commands of the `console` blocks of a page, each with the output that the block shows. */
function screens(page: string): { command: string; output: string }[] {
  return [...page.matchAll(/^```console\n\$ (.*)\n([\s\S]*?)^```$/gm)].map((block) => ({
    command: block[1] ?? '',
    output: block[2] ?? '',
  }));
}

const pages = [readme, readFileSync('traces/README.md', 'utf8')];

describe('README', () => {
  it('shows screens', () => {
    for (const page of pages) expect(screens(page).length).toBeGreaterThan(0);
  });

  it.each(pages.flatMap(screens))('shows what $command prints', async ({ command, output }) => {
    const [npx, name, ...args] = command.split(' ');
    expect([npx, name]).toEqual(['npx', 'replay']);
    const { stdout, stderr } = await replay(args);
    // How fast a search was differs from run to run.
    expect(stdout + stderr.replace(/^replay: \S+ s, .* per second.*\n$/, '')).toBe(output);
  });

  it('names a bundled trace in its first command', () => {
    const path = /npm ci && npx replay (\S+)/.exec(readme)?.[1] ?? '';
    const out = execFileSync(process.execPath, ['bin/replay.js', path], {
      encoding: 'utf8',
      env: environment({}),
    });
    expect(out).toContain('no divergence');
  });

  it('shows a world that can be explored', () => {
    const [, block = ''] = /^```json\n(\{\n {2}"world"[\s\S]*?)^```$/m.exec(readme) ?? [];
    expect(readWorld('README.md', block).problems).toEqual([]);
    expect(readWorld('README.md', block).world).not.toBeNull();
  });

  it('spells the commands that CI runs', () => {
    const ci = readFileSync('.ci/run', 'utf8');
    expect(ci).toContain(/npx replay (\S+)/.exec(readme)?.[1]);
    expect(ci).toContain('npm test');
  });
});
