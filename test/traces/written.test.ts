import { describe, expect, it } from 'vitest';
import { formatTrace } from '../../src/trace/index.ts';
import {
  type CorpusTrace,
  divergences,
  inputs,
  isReported,
  otherRuleSet,
  ruleSetsOf,
  sidesOf,
  WRITTEN,
} from './corpus.ts';

const MAX_EVENTS = 12;
/** What was met takes as many as it took. */
const MAX_REPORTED = 24;

function twinOf(trace: CorpusTrace): CorpusTrace | undefined {
  const other = trace.side === 'after' ? '.before.jsonl' : '.after.jsonl';
  const name = trace.name.replace(/\.(after|before)\.jsonl$/, other);
  return WRITTEN.find((t) => t.name === name);
}

describe.each(WRITTEN)('traces/$name', (trace) => {
  it('is a small, valid trace in the written form of the format', () => {
    expect(trace.problems).toEqual([]);
    expect(trace.text).toBe(formatTrace(trace.header, trace.events));
    expect(trace.events.length).toBeLessThanOrEqual(isReported(trace) ? MAX_REPORTED : MAX_EVENTS);
    expect(trace.events.some((event) => event.expect)).toBe(true);
  });

  it('names the rule set that it was written for', () => {
    const { after, before } = sidesOf(trace);
    expect(trace.header.rules).toBe(trace.side === 'before' ? before : after);
  });

  it.each(ruleSetsOf(trace))('agrees with %s', (rules) => {
    expect(divergences(trace, rules)).toEqual([]);
  });
});

describe.each(WRITTEN.filter((t) => t.side !== null))('one side: traces/$name', (trace) => {
  it('has a twin with the same inputs', () => {
    const twin = twinOf(trace);
    expect(twin?.header.config).toEqual(trace.header.config);
    expect(twin?.events.map(inputs)).toEqual(trace.events.map(inputs));
  });

  it('disagrees with the rules of the other side', () => {
    expect(divergences(trace, otherRuleSet(trace))).not.toEqual([]);
  });
});

it('gives every trace a title of its own', () => {
  const titles = WRITTEN.map((t) => t.header.title ?? '');
  expect(titles.filter((title, at) => title === '' || titles.indexOf(title) !== at)).toEqual([]);
});
