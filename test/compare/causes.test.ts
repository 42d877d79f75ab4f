import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allRules } from '../../src/engine/index.ts';
import { RECORDINGS, readValid, tracesBelow } from '../engine/traces.ts';
import { RECORDED, WRITTEN } from '../traces/corpus.ts';
import { NOT_RECORDED, ROWS } from './causes.ts';
import { compareEvents } from './support.ts';

const KNOWN = new Set(Object.values(ROWS).flat());

/** Causes that the rows do not know. */
function unknown(found: Iterable<string>): string[] {
  return [...found].filter((cause) => !KNOWN.has(cause));
}

/** Rows that none of the causes shows. */
function unnamed(found: ReadonlySet<string>): string[] {
  return Object.entries(ROWS)
    .filter(([, causes]) => !causes.some((cause) => found.has(cause)))
    .map(([row]) => row);
}

describe('the causes over the corpus', () => {
  const found = new Set<string>();
  for (const { header, events } of [...WRITTEN, ...RECORDED]) {
    for (const { partings } of compareEvents(header, events).steps) {
      for (const { cause } of partings) found.add(cause);
    }
  }

  test('name every behaviour difference of section 5', () => {
    expect(unnamed(found)).toEqual([]);
  });

  test('name nothing else', () => {
    expect(unknown(found)).toEqual([]);
  });
});

describe.skipIf(!existsSync(RECORDINGS))('the causes over all recordings', () => {
  const found = new Set<string>();
  const read = () => {
    for (const name of tracesBelow(RECORDINGS)) {
      const { header, events } = readValid(RECORDINGS, name);
      const { steps } = compareEvents(header, events);
      for (const { partings } of steps) for (const { cause } of partings) found.add(cause);
    }
  };

  test('name every behaviour difference of section 5 that they contain, and nothing else', () => {
    read();
    expect(unknown(found)).toEqual([]);
    expect(unnamed(found)).toEqual(
      NOT_RECORDED.filter((row) => !ROWS[row]?.some((cause) => found.has(cause))),
    );
  });
});

test('every rule of a cause is a rule of the engine', () => {
  const rules = new Set(allRules().map(({ id }) => id));
  const sides = [...KNOWN].flatMap((cause) => cause.split(' | '));
  const named = sides.filter((side) => side !== 'none' && !side.startsWith('crash in '));
  expect(named.filter((rule) => !rules.has(rule))).toEqual([]);
});
