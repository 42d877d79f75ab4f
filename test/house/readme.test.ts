import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const readme = readFileSync('src/README.md', 'utf8');
/** Everything in backquotes that is the path of a file or of a folder. */
const places = [...readme.matchAll(/`([\w./-]+(?:\.(?:ts|js|md)|\/))`/g)].map(
  ([, place = '']) => place,
);

describe('the page about src', () => {
  it('names files', () => {
    expect(places.length).toBeGreaterThan(40);
    expect(places).toContain('cli/main.ts');
  });

  it.each([...new Set(places)])('names %s, which exists', (place) => {
    expect(existsSync(join('src', place))).toBe(true);
  });
});
