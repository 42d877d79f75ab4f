import { expect, test } from 'vitest';
import { parseIds, parseRange } from '../../src/cli/arguments/values.ts';
import { exitCodeOf, type Outcome, worse } from '../../src/cli/outcome/outcome.ts';

const END = Number.POSITIVE_INFINITY;

test.each([
  ['3-9', { first: 3, last: 9 }],
  ['5-', { first: 5, last: END }],
  ['-9', { first: 1, last: 9 }],
  ['7', { first: 7, last: 7 }],
  ['1-1', { first: 1, last: 1 }],
  ['-', null],
  ['', null],
  ['0', null],
  ['0-4', null],
  ['9-3', null],
  ['a-b', null],
  ['1-2-3', null],
  ['1.5', null],
  [' 1', null],
  ['99999999999999999999', null],
])('--range %s', (value, expected) => {
  expect(parseRange(value)).toEqual(expected);
});

test.each([
  ['c7', ['c7']],
  ['c7,s1', ['c7', 's1']],
  ['', null],
  ['c7,', null],
])('--only %s', (value, expected) => {
  expect(parseIds(value)).toEqual(expected);
});

test.each<[Outcome, number]>([
  ['agrees', 0],
  ['diverges', 1],
  ['nothing-selected', 2],
  ['not-judged', 2],
  ['unwritable-output', 2],
  ['usage-error', 2],
  ['internal-error', 2],
])('%s exits with %i', (outcome, code) => {
  expect(exitCodeOf(outcome)).toBe(code);
});

test('what could not be judged wins over what diverges', () => {
  expect(worse('diverges', 'not-judged')).toBe('not-judged');
  expect(worse('not-judged', 'diverges')).toBe('not-judged');
  expect(worse('diverges', 'agrees')).toBe('diverges');
});
