import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { matrixPage, tracePath } from '../../src/cli/commands/explore/matrix-page.ts';
import { RULE_SETS } from '../../src/engine/index.ts';
import { SEARCHED } from '../../src/engine/invariants/property-names.ts';
import { HUNTS, Matrix, PRESET_NAMES } from '../../src/explore/index.ts';
import { sized } from '../size.ts';
import { explore, preset } from './support.ts';

const FOUND = new URL('../../traces/found/', import.meta.url);

/** The rule sets that are searched anew: the oldest and the newest, or all of them. */
const SETS = RULE_SETS.filter((_, at) => at === 0 || at >= RULE_SETS.length - sized(1, at));

function searched(): Matrix {
  const matrix = new Matrix(SETS, null);
  for (const name of PRESET_NAMES) {
    for (const rules of SETS) {
      const exploration = explore(preset(name), { name, rules: rules.id });
      matrix.add(name, rules, exploration.result(), exploration.takeFinds());
    }
  }
  return matrix;
}

/** The cells of a page by promise and rule set, and what else it says. */
function read(page: string): { cells: Map<string, string>; rest: string[] } {
  const lines = page.split('\n');
  const table = lines.filter((line) => line.startsWith('| '));
  const split = (line: string) => line.slice(2, -2).split(' | ');
  const [head = '', , ...rows] = table;
  const [, ...sets] = split(head);
  const cells = rows.flatMap((row) => {
    const [promise, ...texts] = split(row);
    return sets.map((set, at) => [`${promise} ${set}`, texts[at] ?? ''] as const);
  });
  return { cells: new Map(cells), rest: lines.filter((line) => !line.startsWith('| ')) };
}

describe('the table of promises by rule sets', () => {
  const matrix = searched();
  const { rows, columns } = matrix;
  const page = readFileSync(new URL('README.md', FOUND), 'utf8');

  test('is what is checked in', () => {
    const kept = read(page);
    const made = read(matrixPage(rows, columns, PRESET_NAMES));
    expect(made.rest).toEqual(kept.rest);
    for (const [cell, text] of made.cells)
      expect(`${cell}: ${kept.cells.get(cell)}`).toBe(`${cell}: ${text}`);
  });

  test('has every promise and every rule set', () => {
    const { cells } = read(page);
    expect(cells.size).toBe(SEARCHED.length * RULE_SETS.length);
    for (const { id } of RULE_SETS) expect(cells.has(`\`no-crash\` \`${id}\``)).toBe(true);
  });

  test('stands beside the traces that it names, which are found anew', () => {
    let broken = 0;
    for (const { cells } of rows) {
      cells.forEach((cell, at) => {
        const column = columns[at];
        if (column === undefined || cell.shortest === null) return;
        broken++;
        const path = new URL(tracePath(column, cell.shortest), FOUND);
        expect(readFileSync(path, 'utf8')).toBe(cell.shortest.text);
      });
    }
    expect(broken).toBeGreaterThan(10);
  });

  test('names no trace that is not there', () => {
    const names = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => !existsSync(new URL(name, FOUND)))).toEqual([]);
  });
});

test('what was not exhausted is told with the depth that it was searched to', () => {
  const [set] = RULE_SETS;
  if (set === undefined) throw new Error('no rule set');
  const matrix = new Matrix([set], ['no-leak', 'owner-from-creation']);
  for (const depth of [5, 3]) {
    const exploration = explore(preset('idle-periods'), { rules: set.id, bounds: { depth } });
    matrix.add('idle-periods', set, exploration.result(), exploration.takeFinds());
  }
  expect(matrix.columns).toMatchObject([{ depth: 3 }]);
  const { cells } = read(matrixPage(matrix.rows, matrix.columns, []));
  expect([...cells.values()]).toEqual([
    expect.stringMatching(/^held: \d+ states, up to depth 3$/),
    '–',
  ]);
});

test('each bug is hunted in a world that there is', () => {
  expect(HUNTS.filter(({ world }) => !PRESET_NAMES.includes(world))).toEqual([]);
});
