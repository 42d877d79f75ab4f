import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Everything in backquotes that is the path of a file or of a folder. */
function placesIn(text: string): string[] {
  const places = text.matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`/g);
  return [...new Set([...places].map(([, place = '']) => place))];
}

describe('the page about src', () => {
  const page = readFileSync('src/README.md', 'utf8');
  const places = placesIn(page);
  const lists = page.split(/^(?=\*\*)/m).slice(1);

  it('names files', () => {
    expect(places.length).toBeGreaterThan(40);
    expect(places).toContain('cli/main.ts');
  });

  it.each(places)('names %s, which exists', (place) => {
    expect(existsSync(join('src', place))).toBe(true);
  });

  it('says for five kinds of change which files to touch, none more than six', () => {
    const counts = lists.map((list) => placesIn(list).length);
    expect(counts).toHaveLength(5);
    expect(Math.min(...counts)).toBeGreaterThan(2);
    expect(Math.max(...counts)).toBeLessThanOrEqual(6);
  });
});

describe('the page about working on it', () => {
  const page = readFileSync('.github/CONTRIBUTING.md', 'utf8');
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  // Recordings stand beside the repository, if at all.
  const places = placesIn(page).filter((place) => !place.startsWith('../shared'));
  const commands = [...page.matchAll(/\bnpm run ([\w:]+)/g)].map(([, name = '']) => name);
  const paths = [...page.matchAll(/^npm test -- (\S+)/gm)].map(([, path = '']) => path);

  it.each([...places, ...paths])('names %s, which exists', (place) => {
    expect(existsSync(place)).toBe(true);
  });

  it.each([...new Set(commands)])('names npm run %s, which exists', (name) => {
    expect(Object.keys(scripts)).toContain(name);
  });
});
