import type { Connection } from '../../objects/connection-t.ts';
import { Crash } from '../../objects/crash.ts';
import type { ConnList } from '../../objects/list.ts';
import type { Pool } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Server } from '../../objects/server-t.ts';
import type { World } from '../../objects/world.ts';

const migrateRule = rulesOf('srv_migrate_conns_to_remove', 'src/server.c');
const MIGRATED = migrateRule(
  'removal.queued',
  '{0|a connection} is the oldest in the {1|idle or safe} list: it goes to the removal list of its thread',
  'list',
);
const NO_LISTS = migrateRule(
  'removal.no-lists',
  '{0|the server} has no idle lists (pool-max-conn 0), and they are read',
  'crash',
);

function listOf(srv: Server, thread: number, isSafe: boolean): ConnList | undefined {
  return (isSafe ? srv.safeConns : srv.idleConns)?.[thread];
}

function first(srv: Server, thread: number, isSafe: boolean): Connection | null {
  return listOf(srv, thread, isSafe)?.first?.conn ?? null;
}

/**
 * With pool-max-conn 0 the lists were never allocated, and are read all the same; semantics 8.9.
 *
 * @param quota how many at most; -1: all
 */
function migrateFrom(
  w: World,
  srv: Server,
  thread: number,
  isSafe: boolean,
  quota: number,
): number {
  const from = listOf(srv, thread, isSafe);
  const to = w.toremove[thread];
  if (!from || !to) {
    w.log.decide(NO_LISTS, srv);
    throw new Crash('srv_migrate_conns_to_remove');
  }
  let moved = 0;
  while (from.first && (quota === -1 || moved < quota)) {
    const conn = from.first.conn;
    w.log.decide(MIGRATED, conn, from.name);
    w.listDel(conn);
    w.listAppend(to, conn);
    moved++;
  }
  return moved;
}

/** Idle connections first, then safe ones. */
function migrate(w: World, srv: Server, thread: number, quota: number): number {
  const moved = migrateFrom(w, srv, thread, false, quota);
  return quota > moved ? moved + migrateFrom(w, srv, thread, true, quota - moved) : moved;
}

function migrateAll(w: World, srv: Server, thread: number): void {
  migrateFrom(w, srv, thread, false, -1);
  migrateFrom(w, srv, thread, true, -1);
}

/** `idle_conns`, `safe_conns` and `available_conns` of `struct server`: lists in order of arrival. */
export const idleConns: Pool = {
  name: 'idle_conns',
  says: 'idle, safe and available connections stand in lists per thread, which are searched from the head',
  rules: [
    'h2.detach.available',
    'fcgi.detach.available',
    MIGRATED.id,
    NO_LISTS.id,
    'connect.pressure.own',
    'connect.pressure.other-thread',
  ],
  isKeyed: false,
  choosesByKey: false,
  hasPlaces: (srv) => srv.idleConns !== null,
  isEmpty: (srv, thread, isSafe) => first(srv, thread, isSafe) === null,
  first,
  next: (conn) => conn.list.next?.conn ?? null,
  firstAvailable: (srv, thread) => srv.availableConns[thread]?.first?.conn ?? null,
  addIdle(w, srv, conn, isSafe) {
    const list = listOf(srv, w.thread, isSafe);
    if (list) w.listAppend(list, conn);
  },
  addAvailable(w, srv, conn) {
    const list = srv.availableConns[w.thread];
    if (list) w.listAppend(list, conn);
  },
  returnAvailable(w, srv, conn) {
    const list = srv.availableConns[w.thread];
    if (list) w.listPrepend(list, conn);
  },
  victim: (_w, srv, thread, isOwn) =>
    first(srv, thread, false) ?? (isOwn ? null : first(srv, thread, true)),
  migrate,
  migrateAll,
};
