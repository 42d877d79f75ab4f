import { describe, expect, it } from 'vitest';
import { Replay } from '../../src/replay/index.ts';
import type { Finding } from '../../src/replay/result.ts';
import { type CorpusTrace, WRITTEN } from './corpus.ts';

const isAbout = ({ name }: CorpusTrace): boolean => name.startsWith('impossible/');

/** The inputs of a trace that cannot be, with the number of their step. */
function impossible(trace: CorpusTrace): (Finding & { step: number })[] {
  const found: (Finding & { step: number })[] = [];
  const replay = new Replay(
    trace.name,
    { record: 'steps', invariants: ['impossible-input'] },
    {
      start() {},
      step: ({ number, findings }) => found.push(...findings.map((f) => ({ ...f, step: number }))),
    },
  );
  expect(replay.header(trace.header, 1)).toBe(null);
  for (const [at, event] of trace.events.entries()) replay.event(event, at + 2);
  return found;
}

describe.each(WRITTEN.filter(isAbout))('traces/$name', (trace) => {
  it('has one input that cannot be, in its last event, and says what to do about it', () => {
    const found = impossible(trace);
    expect(found.map(({ step, stated }) => [step, stated])).toEqual([[trace.events.length, true]]);
    expect(found[0]?.says).not.toContain('{0}');
  });
});

it('shows every kind of impossible input in a trace of its own', () => {
  const said = WRITTEN.filter(isAbout).map((trace) => impossible(trace)[0]?.says ?? '');
  expect(new Set(said).size).toBe(said.length);
  expect(said.length).toBeGreaterThanOrEqual(32);
});

it('is nothing that any other trace does', () => {
  const others = WRITTEN.filter((trace) => !isAbout(trace));
  const found = others.flatMap((trace) =>
    impossible(trace).map(({ says }) => `${trace.name}: ${says}`),
  );
  expect(found).toEqual([]);
});
