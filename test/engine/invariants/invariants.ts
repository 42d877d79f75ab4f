import {
  CO_FL_LIST_MASK,
  CO_FL_PRIVATE,
  CO_FL_SESS_IDLE,
  type Connection,
} from '../../../src/engine/objects/connection-t.ts';
import type { ConnList, ListNode } from '../../../src/engine/objects/list.ts';
import type { Server } from '../../../src/engine/objects/server-t.ts';
import type { Session } from '../../../src/engine/objects/session-t.ts';
import type { World } from '../../../src/engine/objects/world.ts';
import { PRE } from '../support.ts';

/** What is wrong with the links of a list, in words. */
function brokenLinks(list: ConnList, node: (conn: Connection) => ListNode): string[] {
  const wrong: string[] = [];
  const name = list.name ?? `${list.entry?.sess.id} ${list.entry?.target.id}`;
  let length = 0;
  let last: ListNode | null = null;
  for (let at = list.first; at; at = at.next) {
    if (at.list !== list) wrong.push(`${name}: ${at.conn.id} does not say that it is here`);
    if (at.prev !== last) wrong.push(`${name}: prev of ${at.conn.id} is not the one before`);
    if (node(at.conn) !== at) wrong.push(`${name}: ${at.conn.id} is here by its other link`);
    if (at.conn.freed) wrong.push(`${name}: ${at.conn.id} is freed`);
    last = at;
    if (++length > 1000) return [`${name}: runs in circles`];
  }
  if (list.last !== last) wrong.push(`${name}: last is not the last one`);
  if (list.length !== length) wrong.push(`${name}: length ${list.length}, not ${length}`);
  return wrong;
}

/** Every list of servers and threads. */
function poolLists(w: World): ConnList[] {
  const lists = [...w.toremove];
  for (const srv of w.servers.values()) {
    lists.push(...(srv.idleConns ?? []), ...(srv.safeConns ?? []), ...srv.availableConns);
  }
  return lists;
}

/** Links of all lists, and that each connection is where its own links say. */
export function brokenLists(w: World): string[] {
  const pools = poolLists(w);
  const entries = [...w.sessions.values()].flatMap((s) => s.srvList.map((e) => e.connList));
  const wrong = [
    ...pools.flatMap((list) => brokenLinks(list, (conn) => list.nodeOf(conn))),
    ...entries.flatMap((list) => brokenLinks(list, (conn) => conn.sessionList)),
  ];
  const seen = new Map<Connection, number>();
  // A removal list of its own excludes no other.
  const excluding = pools.filter(({ node }) => node === 'list');
  for (const conn of excluding.flatMap((l) => l.toArray())) {
    seen.set(conn, (seen.get(conn) ?? 0) + 1);
  }
  for (const [conn, times] of seen) if (times > 1) wrong.push(`${conn.id} is in ${times} lists`);
  for (const conn of w.connections.values()) {
    const { list } = conn.list;
    if (list && !pools.includes(list)) wrong.push(`${conn.id} is in a list that nobody has`);
    if (list && !list.toArray().includes(conn)) wrong.push(`${conn.id} is not in its list`);
    const listed = conn.sessionList.list;
    if (listed && !entries.includes(listed)) wrong.push(`${conn.id} is listed by nobody alive`);
    if (listed && !listed.toArray().includes(conn)) wrong.push(`${conn.id} is not in its entry`);
  }
  for (const sess of w.sessions.values()) {
    const targets = sess.srvList.map((entry) => entry.target);
    if (new Set(targets).size !== targets.length) wrong.push(`${sess.id} has an entry twice`);
    for (const entry of sess.srvList) {
      for (const conn of entry.connList.toArray()) {
        if (conn.target !== entry.target) wrong.push(`${conn.id} is in an entry of another target`);
      }
    }
  }
  return wrong;
}

/** Predicates of the semantics, section 4, that hold under every rule set. */
export function brokenPredicates(w: World): string[] {
  const wrong: string[] = [];
  const is = (id: string, holds: boolean, conn: Connection) => {
    if (!holds) wrong.push(`${id}: ${conn.id}`);
  };
  for (const conn of w.connections.values()) {
    const list = conn.list.list?.name ?? null;
    // Before conn_set_private() what became private stayed available, listed or not.
    const mayStay = w.rules.privacyUnlinks === 'no' && list === 'available';
    if (conn.sessionList.linked) {
      const inNone = !list || mayStay;
      is('V5 listed: in no pool', inNone && !conn.has(CO_FL_LIST_MASK) && !conn.countedIdle, conn);
      const isLent = w.rules.poolLends !== 'never' && conn.ctx?.mux.holRisk === true;
      is('V4 listed: private or lent', conn.has(CO_FL_PRIVATE) || isLent, conn);
      const lister = conn.sessionList.list?.entry?.sess;
      if (w.rules.id === PRE) is('V4 listed by its owner', lister === conn.owner, conn);
    }
    if (list === 'idle' || list === 'safe' || list === 'toremove') {
      const free = !conn.has(CO_FL_PRIVATE) && !conn.sessionList.linked;
      is('V11 pooled: shared, unused', free && conn.ctx?.streams.length === 0, conn);
      is('pooled: counted idle', conn.countedIdle && conn.has(CO_FL_LIST_MASK), conn);
    }
    if (list === 'idle') is('idle flag', (conn.flags & CO_FL_LIST_MASK) === 2, conn);
    if (list === 'safe') is('safe flag', (conn.flags & CO_FL_LIST_MASK) === 1, conn);
    if (list === 'available') is('available: not counted idle', !conn.countedIdle, conn);
    if (list) is('in a list: shared', !conn.has(CO_FL_PRIVATE) || mayStay, conn);
  }
  for (const cs of w.streams.values()) {
    const { conn } = cs;
    const held = conn.freed || conn.cs === cs || (conn.ctx?.streams.includes(cs) ?? false);
    is(`stream ${cs.strm} is on its connection`, held, conn);
  }
  for (const sess of w.sessions.values()) {
    const streams = [...w.streams.values()].filter((cs) => cs.sess === sess).length;
    if (streams !== sess.streams) wrong.push(`${sess.id} counts ${sess.streams} of ${streams}`);
  }
  return wrong;
}

/**
 * Servers of connections that wait to be removed and serve a stream again (B20). The thread that
 * removes such a connection counts it off as its own; all threads together count as before.
 */
export function usedBeforeRemoval(w: World): Set<Server> {
  const found = new Set<Server>();
  for (const { srv, ctx, toremoveList } of w.connections.values()) {
    if (srv && toremoveList.linked && ctx && ctx.streams.length > 0) found.add(srv);
  }
  return found;
}

/**
 * V13: the server's idle counters and the connections that it counts as idle. Of the servers that
 * are excused, threads may count below zero as long as their sum is right.
 */
export function brokenCounters(w: World, excused: ReadonlySet<Server>): string[] {
  const wrong: string[] = [];
  for (const srv of w.servers.values()) {
    const idle = [...w.connections.values()].filter(
      (c) => c.target === srv && c.countedIdle,
    ).length;
    const sum = srv.currIdleThr.reduce((a, b) => a + b, 0);
    const threads = excused.has(srv) ? sum >>> 0 : sum;
    const counters = [srv.currIdleConns, srv.currIdleNb + srv.currSafeNb, threads];
    if (counters.some((n) => n !== idle)) wrong.push(`V13 ${srv.id}: ${counters} of ${idle}`);
  }
  return wrong;
}

/**
 * Sessions that list what another owns, or own what another lists, or own a private connection
 * with its mux that nobody lists: they can be charged for what is not in their list.
 */
export function foreignOwners(w: World): Set<Session> {
  const found = new Set<Session>();
  for (const conn of w.connections.values()) {
    const lister = conn.sessionList.list?.entry?.sess ?? null;
    const foreign = lister ? conn.owner !== lister : conn.has(CO_FL_PRIVATE) && conn.ctx !== null;
    for (const sess of [lister, conn.owner]) if (foreign && sess) found.add(sess);
  }
  return found;
}

/** V8 and empty entries, of the sessions that never had to do with a foreign owner. */
export function brokenSessions(w: World, excused: ReadonlySet<Session>): string[] {
  const wrong: string[] = [];
  for (const sess of w.sessions.values()) {
    if (excused.has(sess)) continue;
    const listed = sess.srvList.flatMap((entry) => entry.connList.toArray());
    if (sess.srvList.some((entry) => entry.connList.length === 0)) {
      wrong.push(`${sess.id} has an empty entry`);
    }
    const marked = listed.filter((conn) => conn.has(CO_FL_SESS_IDLE)).length;
    if (marked !== sess.idleConns) wrong.push(`V8 ${sess.id}: ${sess.idleConns} of ${marked}`);
    if (sess.idleConns > sess.fe.maxOutConns) wrong.push(`V10 ${sess.id}: ${sess.idleConns}`);
  }
  return wrong;
}
