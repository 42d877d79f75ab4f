import type { InvariantName } from '../../format/index.ts';
import type { Connection } from '../objects/connection-t.ts';
import type { Server } from '../objects/server-t.ts';
import type { Session } from '../objects/session-t.ts';
import type { Entity } from '../objects/step-log.ts';
import type { World } from '../objects/world.ts';
import { descendsFrom, type RuleSet } from '../rule-sets/index.ts';
import { brokenByConn, endsUnoffered } from './broken-by-connection.ts';
import { CONN_INVARIANTS, listerOf, PRIVATE_IS_LISTED, REUSABLE_IS_OFFERED } from './connection.ts';
import type { Invariant, InvariantOf } from './invariant.ts';
import { brokenBySrv, SRV_INVARIANTS } from './server.ts';
import { brokenBySess, SESS_INVARIANTS } from './session.ts';

/** An object that a step has brought to break an invariant. */
export interface Breach {
  readonly invariant: Invariant;
  readonly subject: Entity;
  /**
   * What is wrong under the rule set, in one sentence about the objects as they are now: ask before
   * the next step.
   */
  readonly says: (rules: RuleSet) => string;
}

/** Stands for `impossible-input` among the bits of any object; no table has so many. */
const IMPOSSIBLE_BIT = 1 << 30;

/** That an event can be. It is no predicate of an object: the step itself notes what cannot be. */
const IMPOSSIBLE_INPUT: Invariant = {
  name: 'impossible-input',
  says: 'An event has only inputs that the real program can have, as things stand.',
  source: 'V20, and the C that gives each input its meaning',
  severity: 'broken',
  isAside: true,
  since: null,
};

/** Every invariant: of connections, of sessions, of servers. */
export const INVARIANTS: readonly Invariant[] = [
  ...CONN_INVARIANTS,
  ...SESS_INVARIANTS,
  ...SRV_INVARIANTS,
  IMPOSSIBLE_INPUT,
];

/** The invariants that are promised under a rule set. */
export function promisedUnder(rules: RuleSet): InvariantName[] {
  return INVARIANTS.filter(({ since, until = null }) => {
    const isLater = until !== null && descendsFrom(rules, until);
    return (since === null || descendsFrom(rules, since)) && !isLater;
  }).map(({ name }) => name);
}

/** What a step has brought an object to break, as bits of the table of its kind. */
export interface Broken {
  readonly subject: Entity;
  /** Never 0. */
  readonly bits: number;
  /** What is wrong with an input, where that is what the bits stand for. */
  readonly odd?: string;
}

/** A step that breaks nothing. */
export const NOTHING_BROKEN: readonly Broken[] = [];

const TABLES = { conn: CONN_INVARIANTS, sess: SESS_INVARIANTS, srv: SRV_INVARIANTS } as const;

/** The bits of some invariants, by the kind of the object that breaks them. */
export type InvariantBits = Readonly<Record<Entity['kind'], number>>;

/** The bits of the invariants of these names. */
export function bitsOf(names: ReadonlySet<InvariantName>): InvariantBits {
  const bits = (table: readonly InvariantOf<never>[]): number =>
    table.reduce((all, { name, bit }) => (names.has(name) ? all | bit : all), 0);
  const odd = names.has(IMPOSSIBLE_INPUT.name) ? IMPOSSIBLE_BIT : 0;
  return {
    conn: bits(CONN_INVARIANTS) | odd,
    sess: bits(SESS_INVARIANTS) | odd,
    srv: bits(SRV_INVARIANTS) | odd,
  };
}

/**
 * What the last step broke: invariants that an object breaks now and did not break when a step
 * last looked at it. Has to be asked after every step that was done, here or by `takeBroken`,
 * since each object remembers what it breaks.
 */
export function takeBreaches(w: World): readonly Breach[] {
  return breachesOf(takeBroken(w));
}

/** A breach for each bit, in the order of the objects and of the tables. */
export function breachesOf(broken: readonly Broken[]): Breach[] {
  return broken.flatMap(({ subject, bits, odd }): Breach[] => {
    if (odd !== undefined) {
      const says = odd.replaceAll('{0}', subject.id);
      return [{ invariant: IMPOSSIBLE_INPUT, subject, says: () => says }];
    }
    const table: readonly InvariantOf<never>[] = TABLES[subject.kind];
    const fresh = table.filter(({ bit }) => (bits & bit) !== 0);
    return fresh.map((invariant) => {
      return { invariant, subject, says: (rules) => invariant.tells(subject as never, rules) };
    });
  });
}

/**
 * The same as bits, for whoever only counts. Looks only at what the step touched and at what that
 * bears on, so that it costs next to nothing in a large world; allocates only when there is
 * something to tell.
 */
export function takeBroken(w: World): readonly Broken[] {
  let broken = NOTHING_BROKEN;
  for (const entity of w.log.touched) {
    if (entity.kind === 'srv') broken = withFresh(broken, entity, freshOfSrv(w, entity));
    else if (entity.freed) broken = withFresh(broken, entity, freshOfFreed(w, entity));
    else if (entity.kind === 'sess') broken = withFresh(broken, entity, freshOfSess(entity));
    else {
      broken = withFresh(broken, entity, freshOfConn(w, entity));
      // And on the server that counts what sessions keep idle.
      const { srv } = entity;
      if (srv?.countsSessIdle && srv.touchedAt !== w.clock) {
        broken = withFresh(broken, srv, freshOfSrv(w, srv));
      }
      // It bears on the session that lists it, which the step need not have touched.
      const lister = listerOf(entity);
      if (lister === null || lister.touchedAt === w.clock) continue;
      broken = withFresh(broken, lister, freshOfSess(lister));
    }
  }
  if (w.log.odd.length > 0) {
    const odd = w.log.odd.map(({ subject, says }) => ({
      subject,
      bits: IMPOSSIBLE_BIT,
      odd: says,
    }));
    return [...broken, ...odd];
  }
  return broken;
}

/** What an object breaks now it has broken before: for one that has changed outside of a step. */
export function knowBroken(w: World, entity: Entity): void {
  if (entity.kind === 'srv') freshOfSrv(w, entity);
  else if (entity.kind === 'sess') freshOfSess(entity);
  else freshOfConn(w, entity);
}

function withFresh(broken: readonly Broken[], subject: Entity, bits: number): readonly Broken[] {
  return bits === 0 ? broken : [...broken, { subject, bits }];
}

function freshOfSrv(w: World, srv: Server): number {
  const broken = brokenBySrv(srv, w);
  const fresh = broken & ~srv.broken;
  srv.broken = broken;
  return fresh;
}

function freshOfSess(sess: Session): number {
  const broken = brokenBySess(sess);
  const fresh = broken & ~sess.broken;
  sess.broken = broken;
  return fresh;
}

function freshOfConn(w: World, conn: Connection): number {
  const broken = brokenByConn(conn, w.rules);
  const fresh = broken & ~conn.broken;
  conn.broken = broken;
  return fresh === 0 ? 0 : fresh & ~excused(w, conn);
}

/** What an object breaks by its end: a connection that others could have used. */
function freshOfFreed(w: World, entity: Connection | Session): number {
  if (entity.kind === 'sess' || !endsUnoffered(w, entity)) return 0;
  entity.broken |= REUSABLE_IS_OFFERED;
  return REUSABLE_IS_OFFERED;
}

/** What a step may break without breaking a promise: no memory, no listing. */
function excused(w: World, conn: Connection): number {
  const hasFailed = w.log.calls.some(
    (call) => call.fn === 'session_add_conn' && call.conn === conn && call.ret === 0,
  );
  return hasFailed ? PRIVATE_IS_LISTED : 0;
}
