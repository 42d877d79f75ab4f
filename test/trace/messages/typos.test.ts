import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { ruleSetNames } from '../../../src/engine/rule-sets/index.ts';
import { Replay } from '../../../src/replay/index.ts';
import { type Problem, TraceReader } from '../../../src/trace/index.ts';
import { BASE, type Typo } from './base.ts';
import { fixed } from './fixing.ts';
import { FROM_C } from './typos-from-c.ts';
import { KEYS, SHAPES, TEXT } from './typos-in-form.ts';
import { CALLS, IDS, VALUES } from './typos-in-values.ts';

/** What is wrong with a trace, judged as a replay judges it. */
function problemsIn(text: string): Problem[] {
  const found: Problem[] = [];
  const replay = new Replay('x', { record: 'nothing' }, { start() {}, step() {} });
  const reader = new TraceReader('x', {
    faults: (header) => replay.faults(header),
    header() {},
    event() {},
    problem: (problem) => found.push(problem),
  });
  reader.write(Buffer.from(text));
  reader.end(true);
  return found;
}

/** Long lists of all that is allowed are the business of other tests. */
function said({ line, column, what, allowed }: Problem): string {
  const short = (allowed ?? '')
    .replace(/allowed here: .*$/, 'allowed here: …')
    .replace(
      /it must be (?:session_new|"owner-from-creation"|"session_add_conn"), .*$/,
      'it must be …',
    );
  return `${line}:${column}: ${what}; ${short}`;
}

function withTypo([, line, right, wrong]: Typo): string {
  const text = BASE[line - 1] ?? '';
  expect(text).toContain(right);
  return BASE.with(
    line - 1,
    text.replace(right, () => wrong),
  ).join('\n');
}

const TYPOS = {
  calls: CALLS,
  values: VALUES,
  ids: IDS,
  shapes: SHAPES,
  keys: KEYS,
  text: TEXT,
  c: FROM_C,
};

describe.each(Object.entries(TYPOS))('a typo in %s', (_, typos) => {
  it.each(typos.map((typo) => [typo[0], typo] as const))(
    'is told in one message, which is enough to put it right: %s',
    (name, typo) => {
      const text = withTypo(typo);
      const [problem, ...others] = problemsIn(text);
      expect(others).toEqual([]);
      expect(problem && said(problem)).toBe(typo[4]);
      expect(problem && problemsIn(fixed(text, problem)), name).toEqual([]);
    },
  );
});

describe('the table of typos', () => {
  it('is of a trace in which nothing is wrong', () => {
    expect(problemsIn(BASE.join('\n'))).toEqual([]);
  });

  it('is long', () => {
    expect(Object.values(TYPOS).flat().length).toBeGreaterThanOrEqual(80);
  });
});

describe('a rule set of the header that is misspelt', () => {
  it.each([
    ['08016ab', '08016ab82'],
    ['08016ab82dcb', '08016ab82'],
    ['2.30', '2.3.0'],
  ])('is told at its place: %s', (wrong, meant) => {
    const text = BASE.join('\n').replace('"08016ab82"', `"${wrong}"`);
    const [problem, ...others] = problemsIn(text);
    expect(others).toEqual([]);
    expect(problem && said(problem)).toBe(
      `1:52: unknown rule set "${wrong}"; did you mean "${meant}"? allowed are ${ruleSetNames().join(', ')}`,
    );
    expect(problem && problemsIn(fixed(text, problem))).toEqual([]);
  });
});
