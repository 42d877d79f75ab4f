import { describe, expect, it } from 'vitest';
import { Replay } from '../../src/replay/index.ts';
import type { Finding } from '../../src/replay/result.ts';
import { type CorpusTrace, isReported, WRITTEN } from './corpus.ts';

const REPORTS = WRITTEN.filter(isReported);

/** What a trace is found to do, and whether it says so itself. */
function findings(trace: CorpusTrace): Finding[] {
  const found: Finding[] = [];
  const observer = {
    start() {},
    step: (step: { findings: readonly Finding[] }) => found.push(...step.findings),
  };
  const replay = new Replay(trace.name, { record: 'steps', findings: true }, observer);
  expect(replay.header(trace.header, 1)).toBe(null);
  for (const [at, event] of trace.events.entries()) replay.event(event, at + 2);
  expect(replay.end()).toMatchObject({ divergences: 0, unstatedFindings: 0 });
  return found;
}

it('are there', () => {
  expect(REPORTS.length).toBeGreaterThanOrEqual(18);
});

describe.each(REPORTS)('traces/$name', (trace) => {
  it('agrees, and states whatever it is found to do', () => {
    expect(findings(trace).filter(({ stated }) => !stated)).toEqual([]);
  });
});

it.each([
  ['reports/never-connected-in-the-pool.jsonl', 'pooled-is-connected', 'broken'],
  ['reports/ticket-without-a-challenge.jsonl', 'authenticated-is-not-shared', 'hint'],
  ['reports/two-users-one-client-connection.jsonl', 'authenticated-is-not-shared', 'hint'],
])('%s is found out: %s', (name, invariant, severity) => {
  const trace = REPORTS.find((each) => each.name === name) as CorpusTrace;
  expect(findings(trace)).toContainEqual(expect.objectContaining({ invariant, severity }));
});
