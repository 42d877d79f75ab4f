import type { Connection } from '../../objects/connection-t.ts';
import type { Pool } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Server } from '../../objects/server-t.ts';
import type { World } from '../../objects/world.ts';
import { connTrees } from './conn-trees.ts';

/*
 * 5afcb686b: beside the trees a server keeps per thread a list of what is idle or safe there, in
 * order of insertion: who has to go is the oldest; releases R8a.1.
 */

const MIGRATED = rulesOf('srv_migrate_conns_to_remove', 'src/server.c')(
  'removal.queued.by-age',
  '{0|a connection} is the oldest of what is idle or safe on its thread: it goes to the removal list there',
  'list toremove age',
);

function oldest(srv: Server, thread: number): Connection | null {
  return srv.idleConnList?.[thread]?.first?.conn ?? null;
}

/** @param quota how many at most; -1: all */
function migrate(w: World, srv: Server, thread: number, quota: number): number {
  const to = w.toremove[thread];
  let moved = 0;
  while (to && (quota === -1 || moved < quota)) {
    const conn = oldest(srv, thread);
    if (!conn) break;
    w.log.decide(MIGRATED, conn);
    w.listDel(conn);
    w.listAppend(to, conn);
    moved++;
  }
  return moved;
}

/** srv_add_to_avail_list, src/server.c; releases R8a.2. */
function srvAddToAvailList(w: World, srv: Server, conn: Connection): void {
  w.enter('srv_add_to_avail_list', conn, null, srv);
  connTrees.addAvailable(w, srv, conn);
}

/** `idle_conn_list` of `struct srv_per_thread`, beside its trees. */
export const idleConnList: Pool = {
  ...connTrees,
  name: 'idle_conn_list',
  says: 'idle, safe and available connections stand in trees per thread, which are searched by key, the oldest of a key first; what is idle or safe stands in a list as well, whose oldest goes first',
  rules: [
    'h2.detach.available.by-key',
    'fcgi.detach.available.by-key',
    MIGRATED.id,
    'connect.pressure.own.by-age',
    'connect.pressure.other-thread.by-age',
  ],
  choosesByKey: false,
  keeps: ['toremove', 'age'],
  agesArePending: true,
  addIdle(w, srv, conn, isSafe) {
    connTrees.addIdle(w, srv, conn, isSafe);
    const ages = srv.idleConnList?.[w.thread];
    if (ages) w.listAppend(ages, conn);
  },
  addAvailable: srvAddToAvailList,
  returnAvailable: srvAddToAvailList,
  victim: (_w, srv, thread) => oldest(srv, thread),
  migrate,
  migrateAll(w, srv, thread) {
    migrate(w, srv, thread, -1);
  },
};

/** a96f1286a: the link of the list is its own again; what waits for its removal is not found by it. */
export const idleListApart: Pool = {
  ...idleConnList,
  name: 'idle_list',
  says: 'idle, safe and available connections stand in trees per thread, which are searched by key, the oldest of a key first; what is idle or safe stands in a list as well, whose oldest goes first, and which the removal list has nothing to do with',
  agesArePending: false,
};
