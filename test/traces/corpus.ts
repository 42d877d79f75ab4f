import { readdirSync, readFileSync } from 'node:fs';
import { World } from '../../src/engine/objects/world.ts';
import { findRuleSet, type RuleSet } from '../../src/engine/rule-sets/index.ts';
import { step } from '../../src/engine/step/step.ts';
import type { Header, TraceEvent } from '../../src/format/index.ts';
import { Replay } from '../../src/replay/index.ts';
import { readTrace } from '../../src/trace/index.ts';

const ROOT = new URL('../../traces/', import.meta.url);

/** The change that the corpus is about, and its parent. */
export const AFTER = '08016ab82';
export const BEFORE = '21ddc74e8';

/** A trace of the corpus. */
export interface CorpusTrace {
  /** Path below `traces/`, e.g. `session-list/order.after.jsonl`. */
  readonly name: string;
  /** Whether it tells one side of the change; null when both rule sets agree with it. */
  readonly side: 'after' | 'before' | null;
  readonly text: string;
  readonly header: Header;
  readonly events: readonly TraceEvent[];
  /** What is wrong with the text, as `path:line:column what`. */
  readonly problems: readonly string[];
}

function load(name: string): CorpusTrace {
  const text = readFileSync(new URL(name, ROOT), 'utf8');
  const { header, events, problems } = readTrace(name, text);
  if (!header) throw new Error(`${name} has no valid header`);
  const side = /\.(after|before)\.jsonl$/.exec(name)?.[1];
  return {
    name,
    side: side === 'after' || side === 'before' ? side : null,
    text,
    header,
    events: events.map(({ event }) => event),
    problems: problems.map((p) => `${p.path}:${p.line}:${p.column} ${p.what}`),
  };
}

const names = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.jsonl'))
  .sort();
const isRecorded = (name: string) => name.startsWith('recorded/');
const isFound = (name: string) => name.startsWith('found/');

/** The traces that were written by hand. */
export const WRITTEN: readonly CorpusTrace[] = names
  .filter((n) => !isRecorded(n) && !isFound(n))
  .map(load);
/** The traces that the search has found, one folder per rule set and world. */
export const FOUND: readonly CorpusTrace[] = names.filter(isFound).map(load);
/** The recordings. */
export const RECORDED: readonly CorpusTrace[] = names.filter(isRecorded).map(load);

/** Whether a trace retells what somebody met: it speaks of the rule set that it names alone. */
export function isReported({ name }: CorpusTrace): boolean {
  return name.startsWith('reports/');
}

/** The release that a trace is about, by its folder; null: it is about the change. */
function releaseOf({ name }: CorpusTrace): RuleSet | null {
  const [, release] = /^(?:releases|recorded|impossible)\/([^/]+)\//.exec(name) ?? [];
  return release === undefined ? null : (findRuleSet(release) ?? null);
}

/** The two rule sets that the sides of a trace are: a release and what it was made from. */
export function sidesOf(trace: CorpusTrace): { after: string; before: string } {
  const release = releaseOf(trace);
  if (release === null) return { after: AFTER, before: BEFORE };
  return { after: release.id, before: release.parent?.id ?? BEFORE };
}

/** The rule sets that a trace agrees with: those of the change, one of them, or the release. */
export function ruleSetsOf(trace: CorpusTrace): string[] {
  const { after, before } = sidesOf(trace);
  if (isReported(trace)) return [trace.header.rules ?? after];
  if (trace.side !== null) return [trace.side === 'after' ? after : before];
  return releaseOf(trace) === null ? [after, before] : [after];
}

/** The rule set that a trace disagrees with, told for one that tells one side. */
export function otherRuleSet(trace: CorpusTrace): string {
  const { after, before } = sidesOf(trace);
  return trace.side === 'after' ? before : after;
}

/** What happened, without what is said about the outcome: `conn` of connect_server is a claim. */
export function inputs(event: TraceEvent): object {
  const { expect: _expect, note: _note, ...rest } = event;
  if (rest.event !== 'connect_server') return rest;
  const { conn: _conn, ...asked } = rest;
  return asked;
}

/** What diverges when a trace is replayed, one line each. */
export function divergences(trace: CorpusTrace, rules?: string): string[] {
  const found: string[] = [];
  const replay = new Replay(
    trace.name,
    { rules, record: 'nothing' },
    {
      start() {},
      step({ number, divergences: steps }) {
        for (const { field, expected, actual } of steps) {
          const values = `${JSON.stringify(expected)}, not ${JSON.stringify(actual)}`;
          found.push(`step ${number}: ${field} is expected to be ${values}`);
        }
      },
    },
  );
  const problem = replay.header(trace.header, 1);
  if (problem) return [problem];
  for (const [index, event] of trace.events.entries()) replay.event(event, index + 2);
  replay.end();
  return found;
}

/** Ids of the rules that decide anything when a trace runs under a rule set. */
export function rulesReached(trace: CorpusTrace, rules: string): Set<string> {
  const set = findRuleSet(rules);
  if (!set) throw new Error(`no rule set ${rules}`);
  const world = new World(trace.header.config ?? {}, set);
  const reached = new Set<string>();
  for (const event of trace.events) {
    const outcome = step(world, event);
    for (const { rule } of world.log.decisions()) reached.add(rule.id);
    if (outcome.kind !== 'done') break;
  }
  return reached;
}
