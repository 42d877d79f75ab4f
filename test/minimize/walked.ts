import { type Header, TRACE_FORMAT, type TraceEvent } from '../../src/format/index.ts';
import { type Command, Walk } from '../engine/random.ts';
import type { Setting } from '../engine/random-setting.ts';

/** A random trace, which claims for each stream the connection that it gets. */
export function walked(
  setting: Setting,
  commands: readonly Command[],
): [header: Header, events: TraceEvent[]] {
  const walk = new Walk(setting);
  const events: TraceEvent[] = [];
  for (const command of commands) {
    const outcome = walk.take(command);
    const event = walk.events.at(-1);
    if (outcome === null || event === undefined) continue;
    // The walk counts a stream of a mux below zero, which no trace can say.
    if (event.event === 'conn_update' && (event.nb_streams ?? 0) < 0) break;
    const conn = outcome.kind === 'done' ? outcome.returned.conn?.id : undefined;
    events.push((conn === undefined ? event : { ...event, conn }) as TraceEvent);
  }
  const { rules, config } = setting;
  return [{ trace: TRACE_FORMAT, rules, config }, events];
}
