import type { World } from '../engine/objects/world.ts';
import type { Outcome } from '../engine/step/step.ts';
import { callText } from '../engine/view/observe.ts';
import type { TraceEvent } from '../format/index.ts';
import type { ComparedOutcome } from './result.ts';

/** What came of the last step, as a report tells it. */
export function told(w: World, outcome: Outcome): ComparedOutcome {
  const returned = outcome.kind === 'done' ? outcome.returned : {};
  return {
    kind: outcome.kind,
    calls: outcome.kind === 'impossible' ? [] : w.log.calls.map(callText),
    ret: returned.ret ?? null,
    reused: returned.reused ?? null,
    conn: returned.conn?.id ?? null,
    target: returned.target?.id ?? null,
    crash: outcome.kind === 'crash' ? outcome.fn : null,
    abort: outcome.kind === 'abort' ? outcome.fn : null,
    impossible: outcome.kind === 'impossible' ? outcome.reason : null,
  };
}

/** Ids of everything that the event names or that it touches in one of the worlds. */
export function touchedIds(event: TraceEvent, ...worlds: readonly World[]): Set<string> {
  const ids = new Set<string>();
  if ('sess' in event) ids.add(event.sess);
  if ('strm' in event) ids.add(event.strm);
  if ('conn' in event && event.conn !== undefined) ids.add(event.conn);
  if ('target' in event) ids.add(event.target);
  if ('srv' in event) ids.add(event.srv);
  for (const { log } of worlds) for (const entity of log.touched) ids.add(entity.id);
  return ids;
}
