import { isConnect, type TraceEvent } from '../../format/index.ts';
import type { Repair } from './edit.ts';

/*
 * A trace introduces a session, a stream and a connection before it says more of them.
 */

/** What an event introduces, if nothing before it does. */
function introducedBy(event: TraceEvent): readonly string[] {
  if (event.event === 'session_new') return [`sess ${event.sess}`];
  if (!isConnect(event)) return [];
  const isThere = event.event === 'connect_server' && event.expect?.reused === true;
  const conn = isThere || event.conn === undefined ? [] : [`conn ${event.conn}`];
  return [`strm ${event.strm}`, ...conn];
}

/** What an event speaks of. */
function spokenOfBy(event: TraceEvent): readonly string[] {
  return [
    ...('sess' in event ? [`sess ${event.sess}`] : []),
    ...('strm' in event ? [`strm ${event.strm}`] : []),
    ...('conn' in event && event.conn !== undefined ? [`conn ${event.conn}`] : []),
    ...Object.keys(event.expect?.conn ?? {}).map((id) => `conn ${id}`),
    ...Object.keys(event.expect?.sess ?? {}).map((id) => `sess ${id}`),
  ];
}

function overlap(some: readonly string[], others: readonly string[]): boolean {
  return some.some((each) => others.includes(each));
}

/** Whether an event comes to stand before, or loses, what introduces that which it speaks of. */
export function breaksIntroduction(repair: Repair, events: readonly TraceEvent[]): boolean {
  return repair.some((op) => {
    if (op.op === 'drop') {
      const event = events[op.at];
      return event !== undefined && introducedBy(event).length > 0;
    }
    if (op.op !== 'move') return false;
    const moved = events[op.from];
    if (moved === undefined) return true;
    if (op.before < op.from) {
      const speaks = spokenOfBy(moved);
      const passed = events.slice(op.before, op.from);
      return passed.some((event) => overlap(introducedBy(event), speaks));
    }
    const introduces = introducedBy(moved);
    if (introduces.length === 0) return false;
    const passed = events.slice(op.from + 1, op.before);
    return passed.some((event) => overlap(introduces, spokenOfBy(event)));
  });
}
