import type { InvariantName } from '../../format/index.ts';
import type { Connection } from '../connection-t.ts';
import { RULE_SETS, type RuleSet } from '../rule-sets/index.ts';
import type { Server } from '../server-t.ts';
import type { Session } from '../session-t.ts';
import type { Entity } from '../step-log.ts';
import type { World } from '../world.ts';
import { brokenByConn } from './broken-by-connection.ts';
import { CONN_INVARIANTS, listerOf, PRIVATE_IS_LISTED } from './connection.ts';
import type { Invariant, InvariantOf } from './invariant.ts';
import { brokenBySrv, SRV_INVARIANTS } from './server.ts';
import { brokenBySess, SESS_INVARIANTS } from './session.ts';

/** An object that a step has brought to break an invariant. */
export interface Breach {
  readonly invariant: Invariant;
  readonly subject: Entity;
  /** What is wrong, in one sentence about the objects as they are now: ask before the next step. */
  readonly says: () => string;
}

/** Every invariant: of connections, of sessions, of servers. */
export const INVARIANTS: readonly Invariant[] = [
  ...CONN_INVARIANTS,
  ...SESS_INVARIANTS,
  ...SRV_INVARIANTS,
];

/** The invariants that are promised under a rule set. */
export function promisedUnder(rules: RuleSet): InvariantName[] {
  const at = RULE_SETS.indexOf(rules);
  return INVARIANTS.filter(({ since }) => since === null || RULE_SETS.indexOf(since) <= at).map(
    ({ name }) => name,
  );
}

const NOTHING: readonly Breach[] = [];

/**
 * What the last step broke: invariants that an object breaks now and did not break when a step
 * last looked at it. Has to be asked after every step that was done, since each object remembers
 * what it breaks. Looks only at what the step touched and at what that bears on, so that it costs
 * next to nothing in a large world; allocates only when there is something to tell.
 */
export function takeBreaches(w: World): readonly Breach[] {
  let breaches = NOTHING;
  for (const entity of w.log.touched) {
    if (entity.kind === 'srv') breaches = lookAtSrv(entity, breaches);
    else if (entity.freed) continue;
    else if (entity.kind === 'sess') breaches = lookAtSess(entity, breaches);
    else breaches = lookAtTouched(w, entity, breaches);
  }
  return breaches;
}

function lookAtSrv(srv: Server, breaches: readonly Breach[]): readonly Breach[] {
  const broken = brokenBySrv(srv);
  const fresh = broken & ~srv.broken;
  srv.broken = broken;
  return fresh === 0 ? breaches : withNew(breaches, SRV_INVARIANTS, srv, fresh);
}

function lookAtSess(sess: Session, breaches: readonly Breach[]): readonly Breach[] {
  const broken = brokenBySess(sess);
  const fresh = broken & ~sess.broken;
  sess.broken = broken;
  return fresh === 0 ? breaches : withNew(breaches, SESS_INVARIANTS, sess, fresh);
}

/** A connection bears on the session that lists it, which the step need not have touched. */
function lookAtTouched(w: World, conn: Connection, breaches: readonly Breach[]): readonly Breach[] {
  const all = lookAtConn(w, conn, breaches);
  const lister = listerOf(conn);
  return lister === null || lister.touchedAt === w.clock ? all : lookAtSess(lister, all);
}

function lookAtConn(w: World, conn: Connection, breaches: readonly Breach[]): readonly Breach[] {
  const broken = brokenByConn(conn);
  const fresh = broken & ~conn.broken;
  conn.broken = broken;
  return fresh === 0
    ? breaches
    : withNew(breaches, CONN_INVARIANTS, conn, fresh & ~excused(w, conn));
}

/** Adds a breach for each bit. */
function withNew<Thing extends Entity>(
  breaches: readonly Breach[],
  table: readonly InvariantOf<Thing>[],
  subject: Thing,
  bits: number,
): readonly Breach[] {
  const fresh = table.filter(({ bit }) => (bits & bit) !== 0);
  const told = fresh.map((invariant) => {
    return { invariant, subject, says: () => invariant.tells(subject) };
  });
  return [...breaches, ...told];
}

/** What a step may break without breaking a promise: no memory, no listing. */
function excused(w: World, conn: Connection): number {
  const hasFailed = w.log.calls.some(
    (call) => call.fn === 'session_add_conn' && call.conn === conn && call.ret === 0,
  );
  return hasFailed ? PRIVATE_IS_LISTED : 0;
}
