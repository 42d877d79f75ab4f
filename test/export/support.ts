import { findRuleSet } from '../../src/engine/index.ts';
import { type Course, isRefusal, type Refusal, realise, vtcText } from '../../src/export/index.ts';
import type { Config, TraceEvent } from '../../src/format/index.ts';

/** One frontend, one backend, one server. */
export function oneServer(
  backend: NonNullable<Config['backends']>[string] = {},
  server: NonNullable<Config['servers']>[string] = {},
): Config {
  return { frontends: { fe: {} }, backends: { b: backend }, servers: { 'b/srv': server } };
}

/** A client that comes, or goes. */
export const comes = (sess: string): TraceEvent => ({ event: 'session_new', sess, fe: 'fe' });
export const goes = (sess: string): TraceEvent => ({ event: 'session_free', sess });

/** A request that takes a connection, or leaves it. */
export const takes = (strm: string, sess: string, conn: string, later = false): TraceEvent => ({
  event: 'connect_server',
  strm,
  sess,
  target: 'b/srv',
  conn,
  ...(later ? { not_first: true } : {}),
});
export const leaves = (strm: string): TraceEvent => ({ event: 'detach', strm });

/** The course of events under 2.6.0, which stand from line 2 on. */
export function courseOf(config: Config, events: readonly TraceEvent[]): Course | Refusal {
  const rules = findRuleSet('2.6.0');
  if (rules === undefined) throw new Error('no rules');
  const placed = events.map((event, at) => ({ event, line: at + 2 }));
  return realise(config, placed, rules);
}

/** The script of events that can be exported. */
export function scriptOf(config: Config, events: readonly TraceEvent[]): string {
  const course = courseOf(config, events);
  if (isRefusal(course)) throw new Error(course.why);
  return vtcText(course, {
    title: 'a test',
    comment: { isBug: false, sentences: [] },
    capture: null,
  });
}
