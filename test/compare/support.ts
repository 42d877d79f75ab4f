import { type ComparedStep, Comparison, type FileComparison } from '../../src/compare/index.ts';
import { findRuleSet, type RuleSet } from '../../src/engine/index.ts';
import type { Header, TraceEvent } from '../../src/format/index.ts';

/** The change that the corpus is about, and its parent. */
export const BEFORE = '21ddc74e8';
export const AFTER = '08016ab82';

/** The rule set of that name. */
export function set(name: string): RuleSet {
  const found = findRuleSet(name);
  if (!found) throw new Error(`no rule set ${name}`);
  return found;
}

/** Everything that a comparison has told. */
export interface Compared {
  readonly steps: readonly ComparedStep[];
  readonly result: FileComparison;
}

/** Compares two rule sets on events. */
export function compareEvents(
  header: Header,
  events: readonly TraceEvent[],
  { from = BEFORE, to = AFTER } = {},
): Compared {
  const steps: ComparedStep[] = [];
  const rules = { from: set(from), to: set(to) };
  const comparison = new Comparison('a.jsonl', rules, {
    start() {},
    step(step) {
      steps.push(step);
    },
  });
  comparison.header(header, 1);
  events.forEach((event, at) => {
    comparison.event(event, at + 2);
  });
  return { steps, result: comparison.end() };
}

/** A header with one frontend, and one backend with one server. */
export function header(backend: object = {}, server: object = {}, frontend: object = {}): Header {
  return {
    trace: 'haproxy-ownership/1',
    config: { frontends: { fe: frontend }, backends: { b: backend }, servers: { 'b/srv': server } },
  };
}

export const SESSION: TraceEvent = { event: 'session_new', sess: 's1', fe: 'fe' };

/** A stream of a session asks for a connection to the server. */
export function connect(strm: string, conn: string, more: object = {}): TraceEvent {
  return { event: 'connect_server', strm, sess: 's1', target: 'b/srv', conn, ...more };
}

/** A stream leaves its connection. */
export function detach(strm: string, more: object = {}): TraceEvent {
  return { event: 'detach', strm, ...more };
}

/** The causes of each step, in order. */
export function causes({ steps }: Compared): string[][] {
  return steps.map(({ partings }) => partings.map(({ cause }) => cause));
}
