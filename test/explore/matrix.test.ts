import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tableFiles } from '../../src/cli/commands/explore/matrix-page.ts';
import { RULE_SETS } from '../../src/engine/index.ts';
import { SEARCHED } from '../../src/engine/invariants/property-names.ts';
import { HUNTS, Matrix, PRESET_NAMES } from '../../src/explore/index.ts';
import { sized } from '../size.ts';
import { FOUND as KEPT } from '../traces/corpus.ts';
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

/**
 * The cells of a page by promise and rule set, and what else it says. Which bugs have a cure depends
 * on the rule sets that are searched.
 */
function read(page: string): { cells: Map<string, string>; rest: string[] } {
  const [upper = '', lower = ''] = page.split('\n## ');
  const lines = upper.split('\n');
  const table = lines.filter((line) => line.startsWith('| '));
  const split = (line: string) => line.slice(2, -2).split(' | ');
  const [head = '', , ...rows] = table;
  const [, ...sets] = split(head);
  const cells = rows.flatMap((row) => {
    const [promise, ...texts] = split(row);
    return sets.map((set, at) => [`${promise} ${set}`, texts[at] ?? ''] as const);
  });
  return {
    cells: new Map(cells),
    rest: [...lines, ...lower.split('\n')].filter((line) => !line.startsWith('| ')),
  };
}

/** The page among the files of a table. */
function pageOf(files: ReturnType<typeof tableFiles>): string {
  return files.find(([path]) => path.endsWith('.md'))?.[1] ?? '';
}

describe('the table of promises by rule sets', () => {
  const files = tableFiles(searched(), PRESET_NAMES);
  const page = readFileSync(new URL('README.md', FOUND), 'utf8');

  test('is what is checked in', () => {
    const kept = read(page);
    const made = read(pageOf(files));
    for (const [cell, text] of made.cells) {
      expect(`${cell}: ${kept.cells.get(cell)}`).toBe(`${cell}: ${text}`);
    }
    expect(made.rest).toEqual(kept.rest);
  });

  test('has every promise and every rule set', () => {
    const { cells } = read(page);
    expect([...cells.keys()].filter((cell) => cell.includes('no-crash'))).toEqual(
      RULE_SETS.map(({ id }) => `\`no-crash\` \`${id}\``),
    );
    // And one row that says what stands behind each rule set.
    expect(cells.size).toBe((SEARCHED.length + 1) * RULE_SETS.length);
  });

  test('stands beside the traces that it names, which are found anew', () => {
    const traces = files.filter(([path]) => path.endsWith('.jsonl'));
    expect(traces.length).toBeGreaterThan(15);
    for (const [path, text] of traces) {
      expect(readFileSync(new URL(path, FOUND), 'utf8'), path).toBe(text);
    }
  });

  test('names every trace that is there, but for those of the change, and no other', () => {
    const named = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, name = '']) => name);
    const there = KEPT.map(({ name }) => name.replace('found/', ''));
    expect(named.filter((name) => !there.includes(name))).toEqual([]);
    const others = there.filter((name) => !named.includes(name));
    expect(others.filter((name) => !/^(08016ab82|21ddc74e8)\//.test(name))).toEqual([]);
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
  const { cells } = read(pageOf(tableFiles(matrix, [])));
  expect([...cells.values()]).toEqual([
    expect.stringMatching(/^held: \d+ states, up to depth 3$/),
    '–',
    '155',
  ]);
});

test('each bug is hunted in a world that there is', () => {
  expect(HUNTS.filter(({ world }) => !PRESET_NAMES.includes(world))).toEqual([]);
});
