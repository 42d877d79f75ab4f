import { CO_FL_SESS_IDLE } from '../../objects/connection-t.ts';
import { Abort, Impossible } from '../../objects/crash.ts';
import { type Rule, rulesOf } from '../../objects/rule.ts';
import type { Server } from '../../objects/server-t.ts';
import { freeEntry, setOwner, setSessIdle } from '../../objects/tracked.ts';
import type { World } from '../../objects/world.ts';
import { connRelease } from '../conn-release.ts';
import { threadsFromOwn } from '../server.ts';

const del = rulesOf('cli_parse_delete_server', 'src/server.c');
const REFUSED = del(
  'del-server.refused',
  '{0|the server} has streams, a queue, or is not in maintenance: it is not deleted',
  'ret srv',
);
const REFUSED_IDLE = del(
  'del-server.idle',
  '{0|the server} has {1|idle connections}, those that wait for their removal among them: it is not deleted',
  'ret srv abort',
);
const REFUSED_KEPT = del(
  'del-server.kept',
  '{0|the server} has connections[: {1} used, {2} idle, {3} that sessions keep idle]: it is not deleted before all are gone',
  'ret srv',
);
const DELETED = del(
  'del-server.deleted',
  '{0|the server} is deleted: private connections to it stay in the lists of their sessions, and point to what is gone',
  'ret srv purge_due abort',
);

const REFUSED_USED = del(
  'del-server.used',
  '{0|the server} has {1|connections} in use: it is not deleted',
  'ret srv',
);
const CLOSES_IDLE = del(
  'del-server.closes.idle',
  '{0|a connection}, idle or safe on [thread {1}|a thread], is released with {2|its server}',
  'conn list age',
);
const CLOSES_PENDING = del(
  'del-server.closes.pending',
  '{0|a connection}, which waits to be removed on [thread {1}|a thread], is released, whichever server it goes to',
  'conn list toremove',
);
const STILL_IDLE = del(
  'del-server.still-idle',
  'everything is released, and {0|the server} counts {1|idle connections} all the same: that must not be',
  'abort',
);
const CLOSES_PRIVATE = del(
  'del-server.closes.private',
  '{0|a private connection}, which {1|a session} keeps idle, leaves its list and is released; the session counts it on',
  'conn owner SESS_IDLE idle_conns listed_in srv_list',
);
const NOT_IDLE = del(
  'del-server.not-idle',
  '{0|a connection} is in the list of {1|a session} and not marked as idle: that must not be',
  'abort',
);
const DELETED_WITH_CONNS = del(
  'del-server.deleted.closed',
  '{0|the server} is deleted, and no connection points to it',
  'ret srv purge_due',
);

/** cli_parse_delete_server, src/server.c; releases R8a.2: what threads keep, and what they are to close. */
function closeIdle(w: World, srv: Server): void {
  for (const thread of threadsFromOwn(w)) {
    for (const conn of srv.idleConnList?.[thread]?.toArray() ?? []) {
      w.log.decide(CLOSES_IDLE, conn, thread, srv);
      connRelease(w, conn);
    }
    for (const conn of w.toremove[thread]?.toArray() ?? []) {
      w.log.decide(CLOSES_PENDING, conn, thread);
      w.unlink(conn.toremoveList);
      connRelease(w, conn);
    }
  }
  if (srv.currIdleConns === 0) return;
  w.log.decide(STILL_IDLE, srv, srv.currIdleConns);
  throw new Abort('cli_parse_delete_server', `${srv.id} counts idle connections`);
}

/** The same for what sessions keep, whose counts it forgets. */
function closePrivate(w: World, srv: Server): void {
  for (const entry of [...srv.sessConns]) {
    for (const conn of entry.connList.toArray()) {
      if (!conn.has(CO_FL_SESS_IDLE)) {
        w.log.decide(NOT_IDLE, conn, entry.sess);
        throw new Abort('cli_parse_delete_server', `${conn.id} is listed and not marked as idle`);
      }
      w.log.decide(CLOSES_PRIVATE, conn, entry.sess);
      w.entryDel(conn);
      setOwner(conn, null);
      setSessIdle(conn, false);
      connRelease(w, conn);
    }
    w.touch(entry.sess);
    freeEntry(w, entry);
  }
}

/**
 * cli_parse_delete_server, src/server.c; releases R6.2 and R8a.2. A dynamic server is deleted;
 * connections in the lists of sessions are not looked at, or closed.
 *
 * @param isRefused it has streams or a queue, or is not in maintenance
 * @returns 1 when it is deleted, 0 when not
 * @throws Impossible where servers cannot be deleted
 */
export function cliParseDeleteServer(w: World, srv: Server, isRefused: boolean): 0 | 1 {
  if (w.rules.delServer === 'unknown') {
    throw new Impossible(
      `no server can be deleted under ${w.rules.id}: del server came with 2.4.0`,
      true,
    );
  }
  if (isRefused) {
    w.log.decide(REFUSED, srv);
    return 0;
  }
  const { currUsedConns: used, currIdleConns: idle, currSessIdleConns: kept } = srv;
  if (w.rules.delServer === 'nothing-kept' && (used > 0 || idle > 0 || kept > 0)) {
    // 723267738: who deletes it has to wait.
    w.log.decide(REFUSED_KEPT, srv, used, idle, kept);
    return 0;
  }
  if (w.rules.delServer === 'closes') {
    if (srv.currUsedConns > 0) {
      w.log.decide(REFUSED_USED, srv, srv.currUsedConns);
      return 0;
    }
    w.touch(srv);
    // 6e0afb2e2, and 0d4273f04 for private ones: nobody has to wait for them.
    closeIdle(w, srv);
    closePrivate(w, srv);
    return deleted(w, srv, DELETED_WITH_CONNS);
  }
  if (srv.currIdleConns > 0) {
    w.log.decide(REFUSED_IDLE, srv, srv.currIdleConns);
    return 0;
  }
  w.touch(srv);
  return deleted(w, srv, DELETED);
}

function deleted(w: World, srv: Server, rule: Rule): 1 {
  w.log.decide(rule, srv);
  srv.deleted = true;
  srv.purgeDue = null;
  srv.inPurgeTrees.fill(0);
  return 1;
}
