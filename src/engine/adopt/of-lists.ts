import type { Connection } from '../objects/connection-t.ts';
import type { ConnList } from '../objects/list.ts';
import type { Server } from '../objects/server-t.ts';
import type { Session } from '../objects/session-t.ts';
import type { World } from '../objects/world.ts';
import { emptyEntries, entryFor, leaveEntry } from './of-connection.ts';

/** The connections of some ids that are here, each once, in this order. */
function living(w: World, ids: readonly string[], isFit: (conn: Connection) => boolean) {
  const conns = [...new Set(ids)].map((id) => w.connections.get(id));
  return conns.filter((conn) => conn !== undefined && isFit(conn)) as Connection[];
}

/** The thread whose list holds a connection now: that of the step, if none does. */
function threadOf(w: World, srv: Server, conn: Connection): number {
  const list = conn.list.list ?? conn.toremoveList.list;
  const all = [srv.idleConns, srv.safeConns, srv.availableConns, w.toremove];
  for (const lists of all) {
    const at = list === null ? -1 : (lists?.indexOf(list) ?? -1);
    if (at !== -1) return at;
  }
  return w.thread;
}

/** What the lists of all threads hold, one after the other. */
export function adoptIds(w: World, srv: Server, ids: readonly string[], field: string): void {
  const lists = Reflect.get(srv, field) as readonly ConnList[] | null;
  if (lists === null) return;
  const conns = living(w, ids, (conn) => conn.srv === srv);
  // The lists of earlier threads are told first: nobody goes back to one.
  let least = 0;
  const threads = conns.map((conn) => {
    least = Math.max(least, threadOf(w, srv, conn));
    return least;
  });
  for (const list of lists) for (const conn of list.toArray()) list.remove(list.nodeOf(conn));
  conns.forEach((conn, at) => {
    const to = lists[threads[at] ?? 0];
    if (to === undefined) return;
    const node = to.nodeOf(conn);
    node.list?.remove(node);
    to.append(node);
  });
}

/** What a session lists, by targets. */
export function adoptEntries(
  w: World,
  sess: Session,
  entries: readonly (readonly [string, readonly string[]])[],
): void {
  emptyEntries(sess);
  for (const [target, ids] of entries) {
    const to = w.declared(target);
    if (to === undefined) continue;
    const conns = living(w, ids, (each) => each.target === to);
    // An entry of which nobody is here is none; one that is stated to be empty is there.
    if (conns.length === 0 && ids.length > 0) continue;
    const { connList } = entryFor(sess, to);
    for (const conn of conns) {
      if (conn.sessionList.list !== connList) leaveEntry(conn);
      if (!conn.sessionList.linked) connList.append(conn.sessionList);
    }
  }
}

/** What else of a server goes with one of its numbers. */
export function afterNumber(w: World, srv: Server, field: string, before: unknown): void {
  if (field === 'currIdleConns') {
    const here = srv.currIdleThr[w.thread] ?? 0;
    srv.currIdleThr[w.thread] = (here + srv.currIdleConns - Number(before)) >>> 0;
  }
  if (field === 'purgeDue' && srv.purgeDue === null) srv.purgeLeft = w.clock;
}
