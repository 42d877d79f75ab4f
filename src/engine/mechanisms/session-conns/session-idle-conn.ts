import { CO_FL_SESS_IDLE, type Connection } from '../../objects/connection-t.ts';
import { Abort } from '../../objects/crash.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Server } from '../../objects/server-t.ts';
import type { Session, SessSrvList } from '../../objects/session-t.ts';
import { allocEntry, forgetEntry, freeEntry } from '../../objects/tracked.ts';
import type { World } from '../../objects/world.ts';

/*
 * What sessions keep idle, while it works and when its server goes: 8de0807b7 and 7a6e3c1a7.
 */

const detach = rulesOf('session_detach_idle_conn', 'src/session.c');
const DETACHED = detach(
  'session.detach-idle',
  '{0|the idle connection} leaves {1|its session} while it works, which counts one idle less; mark and owner stay',
  'listed_in idle_conns',
);
const DETACH_UNLISTED = detach(
  'session.detach-idle.unlisted',
  '{0|the connection} is in no session list that it could leave',
  'listed_in idle_conns',
);

const reinsert = rulesOf('session_reinsert_idle_conn', 'src/session.c');
const REINSERTED = reinsert(
  'session.reinsert-idle',
  '{0|the connection} has done its work: it comes back to the end of the entry of {1|its session}, which counts one idle more',
  'listed_in idle_conns',
);
const REINSERT_NO_MEMORY = reinsert(
  'session.reinsert-idle.no-memory',
  '{1|the session} cannot allocate an entry for {2|the target}: it cannot take {0|the connection} back',
  'listed_in idle_conns',
);

const ENTRY_FREED = rulesOf('session_detach_idle_conn', 'src/session.c')(
  'session.detach-idle.entry-freed',
  '{0|the session} has no connection left in its entry for {1|a target}, which is freed',
  'srv_list',
);

const cleanup = rulesOf('srv_cleanup_connections', 'src/server.c');
const QUEUED = cleanup(
  'maintenance.remove-private',
  '{1|a session} keeps {0|a connection} idle, and counts it no more: it goes to the removal list of its thread, with mark and owner',
  'listed_in list toremove idle_conns',
);
const ENTRY_EMPTIED = cleanup(
  'maintenance.entry-freed',
  '{0|the session} has no connection left in its entry for {1|the server}, which is freed',
  'srv_list',
);
const ENTRY_FORGOTTEN = cleanup(
  'maintenance.entry-forgotten',
  '{1|the server} does not know any more of the entry of {0|the session}, whose connections are in use',
  'srv_list',
);

/**
 * session_detach_idle_conn, src/session.c; releases R9.2: an idle connection has work to do, and
 * nobody is to find it meanwhile.
 *
 * @returns the session that has listed it, or null: it was in no list
 */
export function sessionDetachIdleConn(w: World, conn: Connection): Session | null {
  const call = w.enter('session_detach_idle_conn', conn, conn.owner);
  const entry = conn.sessionList.list?.entry;
  if (!entry) {
    w.log.decide(DETACH_UNLISTED, conn);
    call.ret = 0;
    return null;
  }
  const { sess } = entry;
  if (!conn.has(CO_FL_SESS_IDLE)) {
    throw new Abort('session_detach_idle_conn', 'what leaves the list for work is not idle');
  }
  w.log.decide(DETACHED, conn, sess);
  w.touch(sess);
  sess.idleConns--;
  w.entryDel(conn);
  if (!entry.connList.first) {
    w.log.decide(ENTRY_FREED, sess, conn.target.id);
    freeEntry(w, entry);
  }
  call.ret = 1;
  return sess;
}

/**
 * session_reinsert_idle_conn, src/session.c; releases R9.2: the work is done.
 *
 * @param sess the session that has listed it before
 * @returns false when the entry for the target cannot be allocated
 */
export function sessionReinsertIdleConn(w: World, sess: Session, conn: Connection): boolean {
  const call = w.enter('session_reinsert_idle_conn', conn, sess);
  if (!conn.has(CO_FL_SESS_IDLE)) {
    throw new Abort('session_reinsert_idle_conn', 'what comes back to the list is not idle');
  }
  const entry = allocEntry(w, sess, conn.target);
  if (!entry) {
    w.log.decide(REINSERT_NO_MEMORY, conn, sess, conn.target.id);
    call.ret = 0;
    return false;
  }
  w.log.decide(REINSERTED, conn, sess);
  w.entryAppend(entry, conn);
  sess.idleConns++;
  call.ret = 1;
  return true;
}

/**
 * 7a6e3c1a7, srv_cleanup_connections, src/server.c; releases R9.2: what sessions keep idle goes as
 * well, thread by thread. An entry that keeps others is the server's no more, and stays.
 */
export function queueIdle(w: World, srv: Server): void {
  const byThread = srv.sessConns.toSorted((one, other) => one.tid - other.tid);
  for (const entry of byThread) {
    forgetEntry(w, entry, srv);
    const { sess, connList } = entry;
    for (const conn of connList.toArray()) {
      if (conn.has(CO_FL_SESS_IDLE)) queue(w, entry, conn);
    }
    if (connList.first) {
      w.log.decide(ENTRY_FORGOTTEN, sess, srv);
      continue;
    }
    w.log.decide(ENTRY_EMPTIED, sess, srv);
    w.touch(sess);
    freeEntry(w, entry);
  }
}

function queue(w: World, { sess, tid }: SessSrvList, conn: Connection): void {
  w.log.decide(QUEUED, conn, sess);
  w.touch(sess);
  sess.idleConns--;
  w.entryDel(conn);
  const toremove = w.toremove[tid];
  if (toremove) w.listAppend(toremove, conn);
}

/** Ids of the rules of this file. */
export const IDLE_CONN_RULES: readonly string[] = [
  DETACHED,
  DETACH_UNLISTED,
  ENTRY_FREED,
  REINSERTED,
  REINSERT_NO_MEMORY,
  QUEUED,
  ENTRY_EMPTIED,
  ENTRY_FORGOTTEN,
].map(({ id }) => id);
