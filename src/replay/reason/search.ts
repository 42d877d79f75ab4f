import { CO_FL_PRIVATE, type Connection } from '../../engine/objects/connection-t.ts';
import type { Decision } from '../../engine/objects/step-log.ts';
import type { World } from '../../engine/objects/world.ts';
import type { TraceEvent } from '../../format/index.ts';
import type { Difference } from '../compare.ts';
import { isEntity, thingsOf } from './question.ts';

/** What came of a search, and by which decision. */
export interface Found {
  readonly decision: Decision;
  /** What was looked at before and not taken, in this order: the subject of each. */
  readonly passedOver: readonly Decision[];
}

/** Parts of an outcome that are what a search has found. */
export const SEARCHED: readonly string[] = ['reused', 'claim', 'target'];

/** The connection that the event claims, if it was there when the step began. */
function claimed(w: World, event: TraceEvent): Connection | undefined {
  const id = 'strm' in event && 'conn' in event ? event.conn : undefined;
  const conn = id === undefined ? undefined : w.connections.get(id);
  const isNew = w.log.decisions().some((d) => d.rule.id === 'conn.new' && d.subject === conn);
  return isNew ? undefined : conn;
}

/** Who was to be found: a connection, or the server that is expected. */
function wantedId(conn: Connection | undefined, { field, expected }: Difference): string | null {
  if (field === 'target') return typeof expected === 'string' ? expected : null;
  return conn?.id ?? null;
}

/** The decision by which nobody was found, for whom one asks who wanted somebody else. */
function whyNobody(
  w: World,
  event: TraceEvent,
  difference: Difference,
  steps: readonly Decision[],
): Decision | undefined {
  const conn = difference.field === 'target' ? undefined : claimed(w, event);
  const wanted = wantedId(conn, difference);
  const passedOver = steps.filter(({ rule }) => rule.role === 'passes-over');
  const own = passedOver.findLast((decision) =>
    thingsOf(decision).some((thing) => isEntity(thing) && thing.id === wanted),
  );
  if (own) return own;
  const last = steps.findLast(({ rule }) => rule.role !== 'passes-over');
  if (conn === undefined) return passedOver.at(-1) ?? last;
  // A private connection is in no pool: whether it is found, the list of the session decides.
  const listed = steps.find(({ rule }) => rule.role === 'lists-nobody');
  return conn.has(CO_FL_PRIVATE) ? (listed ?? passedOver.at(-1) ?? last) : last;
}

/**
 * What a search has come to. Where somebody was found, the decision that took it; else the one
 * that passed over whom the trace expected, or else the last that passed somebody over. That
 * nobody was there is the reason only where nobody was.
 *
 * @param steps the decisions of the search, in order
 */
export function searchFor(
  w: World,
  event: TraceEvent,
  difference: Difference,
  steps: readonly Decision[],
): Found | null {
  const end = steps.at(-1);
  if (end === undefined) return null;
  const passedOver = steps.filter(({ rule }) => rule.role === 'passes-over');
  const decision = end.rule.role === null ? end : whyNobody(w, event, difference, steps);
  return decision === undefined ? null : { decision, passedOver };
}
