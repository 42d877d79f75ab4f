import { describe, expect, test } from 'vitest';
import { addFile, NO_RUN, partOf, type Selection, Tally } from '../../src/report/index.ts';
import { divergence, RESULT, step } from './sample.ts';

const ALL: Selection = { steps: 'all', range: null, only: null, unfolded: false };
const event = { event: 'detach', strm: 't1' } as const;

describe('a selection', () => {
  const touching = (number: number, ...ids: string[]) =>
    step(number, event, { touches: new Set(ids) });
  const shows = (selection: Partial<Selection>, number: number, ...ids: string[]): boolean =>
    new Tally('x', { ...ALL, ...selection }).add(touching(number, ...ids));

  test('by range includes both ends', () => {
    const range = { first: 3, last: 5 };
    expect([2, 3, 5, 6].map((number) => shows({ range }, number))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test('by ids takes any of them', () => {
    expect(shows({ only: ['c1', 's9'] }, 1, 't1', 'c1')).toBe(true);
    expect(shows({ only: ['c1', 's9'] }, 1, 't1', 'c10')).toBe(false);
  });

  test('of diverging steps leaves out those that only follow', () => {
    const following = step(1, event, { divergences: [divergence({ follows: 1 })] });
    expect(partOf(following, { steps: 'diverging', unfolded: false })).toBe('divergences');
    expect(partOf(following, { steps: 'diverging', unfolded: true })).toBe('whole');
    const causing = step(1, event, { divergences: [divergence()] });
    expect(partOf(causing, { steps: 'diverging', unfolded: false })).toBe('whole');
    expect(partOf(following, { steps: 'none', unfolded: false })).toBe('divergences');
    expect(partOf(following, { steps: 'all', unfolded: false })).toBe('whole');
  });
});

describe('a tally', () => {
  test('folds followers by the step they follow from', () => {
    const tally = new Tally('x', ALL);
    const follow = (from: number) => divergence({ follows: from });
    tally.add(step(1, event, { divergences: [divergence()] }));
    tally.add(step(2, event, { divergences: [follow(1), follow(1)] }));
    tally.add(step(3, event, { divergences: [follow(1)] }));
    expect(tally.end(RESULT, 0).folds).toEqual([{ from: 1, divergences: 3, steps: 2 }]);
  });

  test('lists a bounded number of them', () => {
    const tally = new Tally('x', ALL);
    for (let from = 1; from <= 15; from++) {
      tally.add(step(from + 20, event, { divergences: [divergence({ follows: from })] }));
    }
    const report = tally.end(RESULT, 0);
    expect(report.folds).toHaveLength(10);
    expect(report.moreFolds).toEqual({ divergences: 5, steps: 5 });
  });

  test('counts first causes that the selection hides', () => {
    const tally = new Tally('x', { ...ALL, range: { first: 9, last: 9 } });
    tally.add(step(1, event, { divergences: [divergence(), divergence({ follows: 1 })] }));
    expect(tally.end(RESULT, 0)).toMatchObject({ matched: 0, hidden: 1 });
  });
});

test('a run adds its files up', () => {
  const file = new Tally('x', ALL).end({ ...RESULT, divergences: 2, crash: 'conn_free' }, 0);
  const invalid = new Tally('y', ALL).end(null, 3);
  expect(addFile(addFile(NO_RUN, file), invalid)).toEqual({
    files: 2,
    steps: 5,
    divergences: 2,
    followers: 0,
    divergingFiles: 1,
    unjudged: 1,
    unread: 0,
    crashes: 1,
    matched: 0,
    findings: 0,
    unstatedFindings: 0,
    unstatedBy: { crash: 0, broken: 0, hint: 0 },
  });
});
