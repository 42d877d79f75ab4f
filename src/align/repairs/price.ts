import type { TraceEvent } from '../../format/index.ts';
import type { Op, Repair } from './edit.ts';
import { isTestimony } from './testimony.ts';

/*
 * What repairs cost: as many events as they touch, and more where they contradict what was seen.
 * Nothing is dearer than to have another request get a connection, or at another time.
 */

/** To leave a place as it is, a gap with a name. */
export const LEAVING = 6;
const MOVED_TESTIMONY = 3;
/** An event is given up, or says something else, by how sure it was. */
const AGAINST: Readonly<Record<string, number>> = { guessed: 1, inferred: 2 };
const AGAINST_OBSERVED = 3;
const RELAXED = 4;

function against(event: TraceEvent | undefined): number {
  return AGAINST[String(event?.source?.certainty)] ?? AGAINST_OBSERVED;
}

function priceOfOne(op: Op, events: readonly TraceEvent[]): number {
  if (op.op === 'add') return 1;
  if (op.op === 'relax') return RELAXED;
  if (op.op === 'move') {
    const event = events[op.from];
    return event !== undefined && isTestimony(event) ? MOVED_TESTIMONY : 1;
  }
  const event = events[op.at];
  if (op.op === 'amend' && event !== undefined && isTestimony(event)) {
    // Whether a request was its client's first stands in the lines of its own.
    return event.source?.request === undefined ? 1 : AGAINST_OBSERVED;
  }
  return against(event);
}

/** What a repair costs. */
export function priceOf(repair: Repair, events: readonly TraceEvent[]): number {
  return repair.reduce((sum, op) => sum + priceOfOne(op, events), 0);
}
