import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ReleasesComparison, type Row } from '../../../src/compare/releases/index.ts';
import { RULE_SETS } from '../../../src/engine/rule-sets/index.ts';
import type { InvariantName } from '../../../src/format/index.ts';
import { BUGS, type BugName, setsWith } from '../../../src/history/index.ts';
import { readTrace } from '../../../src/trace/index.ts';

/** What a trace comes to under every rule set. */
function rowsOf(path: string): readonly Row[] {
  const { header, events, problems } = readTrace(path, readFileSync(`traces/${path}`, 'utf8'));
  expect(problems).toEqual([]);
  const comparison = new ReleasesComparison(path, RULE_SETS);
  if (header !== null) comparison.header(header);
  for (const { event, line } of events) comparison.event(event, line);
  return comparison.end().rows;
}

const breaks =
  (promise: InvariantName) =>
  ({ broken }: Row): boolean =>
    broken.some(({ name }) => name === promise);

const endsIn =
  (fn: string) =>
  ({ end }: Row): boolean =>
    end?.fn === fn;

/** A trace for each bug, and how a row tells that the rule set has it. */
const SHOWN: readonly [bug: BugName, path: string, shows: (row: Row) => boolean][] = [
  ['B1', 'bugs/b1-retry-after-a-failed-listing-h2.after.jsonl', endsIn('session_check_idle_conn')],
  [
    'B2',
    'bugs/b2-owner-ends-before-the-other-session-h2.after.jsonl',
    breaks('private-to-one-session'),
  ],
  ['B3', 'bugs/b3-tcp-connection-leaks.after.jsonl', breaks('no-orphan')],
  ['B5', 'bugs/b5-preferred-but-not-used.jsonl', breaks('idle-is-marked')],
  ['B6', 'found/bugs/B6-last-answer-idle-is-marked.before.jsonl', breaks('idle-is-marked')],
  ['B8', 'bugs/b8-creator-ends-while-others-use-it.jsonl', breaks('owner-is-live')],
  ['B16', 'releases/21ddc74e8/b16-negotiated-h2.after.jsonl', breaks('reusable-is-offered')],
  ['B18', 'found/bugs/B18-idle-periods-idle-is-marked.after.jsonl', breaks('idle-is-marked')],
  ['B23', 'releases/2.3.0/lent-ends-in-error.jsonl', breaks('used-count')],
  ['B24', 'releases/2.3.0/creator-ends-first.after.jsonl', endsIn('session_unown_conn')],
  ['B26', 'releases/2.4.0/b26-server-is-deleted.jsonl', ({ verdict }) => verdict === 'agrees'],
  ['B27', 'releases/2.4.0/b26-server-is-deleted.jsonl', breaks('idle-count')],
  [
    'B30',
    'found/bugs/B30-dangling-owner-reusable-is-offered.after.jsonl',
    breaks('reusable-is-offered'),
  ],
];

describe('since when, until when: a row tells of', () => {
  test.each(SHOWN)('%s in the rule sets that the history names', (name, path, shows) => {
    const bug = BUGS.find((each) => each.name === name);
    const having = rowsOf(path).filter(shows);
    expect(having.map(({ rules }) => rules)).toEqual(
      bug === undefined ? [] : setsWith(bug).map(({ id }) => id),
    );
  });
});
