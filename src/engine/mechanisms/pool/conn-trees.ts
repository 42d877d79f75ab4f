import type { Connection } from '../../objects/connection-t.ts';
import type { ConnList } from '../../objects/list.ts';
import type { Pool } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Server } from '../../objects/server-t.ts';
import type { World } from '../../objects/world.ts';

/*
 * f232cb3e9: a server keeps its connections per thread in trees ordered by the hash of their key,
 * those of one key in order of insertion; releases R6.1. A trace has no hash: a tree is a list in
 * order of insertion here, of which only the order within a key means anything.
 */

const MIGRATED = rulesOf('srv_migrate_conns_to_remove', 'src/server.c')(
  'removal.queued.by-key',
  '{0|a connection} stands before all others in the {1|idle or safe} tree, {2|as the trace says}: it goes to the removal list of its thread',
  'list toremove victims',
);

function treeOf(srv: Server, thread: number, isSafe: boolean): ConnList | null {
  return (isSafe ? srv.safeConns : srv.idleConns)?.[thread] ?? null;
}

/** The oldest connection of a key in a tree. */
function oldest(tree: ConnList | null | undefined, key: number): Connection | null {
  for (let node = tree?.first ?? null; node; node = node.next) {
    if (node.conn.key === key) return node.conn;
  }
  return null;
}

function next({ key, list }: Connection): Connection | null {
  for (let node = list.next; node; node = node.next) if (node.conn.key === key) return node.conn;
  return null;
}

/**
 * The connection that goes next where the order of keys decides: the one that the event claims if
 * it can be; else the oldest of the key that has the oldest one.
 *
 * @param after the key of the one that has gone before it from this tree; its others go first
 */
function pick(w: World, tree: ConnList | null, after: number | null): Connection | null {
  if (!tree?.first) return null;
  const same = after === null ? null : oldest(tree, after);
  const id = w.victims.next;
  const claimed = id === undefined ? undefined : w.connections.get(id);
  const isOldest = claimed?.list.list === tree && oldest(tree, claimed.key) === claimed;
  if (claimed && isOldest && (same === null || same === claimed)) return claimed;
  if (id !== undefined) w.victims.refuse();
  return same ?? tree.first.conn;
}

function why(w: World): string {
  return w.victims.next === undefined
    ? 'being the oldest of the key that has the oldest one'
    : 'as the trace says';
}

/** @param quota how many at most; -1: all */
function migrateFrom(
  w: World,
  srv: Server,
  thread: number,
  isSafe: boolean,
  quota: number,
): number {
  const tree = treeOf(srv, thread, isSafe);
  const to = w.toremove[thread];
  if (!tree || !to) return 0;
  let moved = 0;
  let after: number | null = null;
  while (quota === -1 || moved < quota) {
    const conn = pick(w, tree, after);
    if (!conn) break;
    w.log.decide(MIGRATED, conn, tree.name, why(w));
    w.victims.choose(conn);
    w.listDel(conn);
    w.listAppend(to, conn);
    after = conn.key;
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

/** Of the own thread an idle connection only; of another one a safe connection where none is idle. */
function victim(w: World, srv: Server, thread: number, isOwn: boolean): Connection | null {
  const idle = pick(w, treeOf(srv, thread, false), null);
  const conn = idle ?? (isOwn ? null : pick(w, treeOf(srv, thread, true), null));
  if (conn) w.victims.choose(conn);
  return conn;
}

function append(w: World, tree: ConnList | null | undefined, conn: Connection): void {
  if (tree) w.listAppend(tree, conn);
}

/** `idle_conns`, `safe_conns` and `avail_conns` of `struct srv_per_thread`: trees by key. */
export const connTrees: Pool = {
  name: 'srv_per_thread',
  says: 'idle, safe and available connections stand in trees per thread, which are searched by key, the oldest of a key first; the removal list is one of its own',
  rules: [
    'h2.detach.available.by-key',
    'fcgi.detach.available.by-key',
    MIGRATED.id,
    'connect.pressure.own.by-key',
    'connect.pressure.other-thread.by-key',
  ],
  isKeyed: true,
  choosesByKey: true,
  keeps: ['toremove'],
  hasPlaces: (srv) => srv.idleConns !== null,
  isEmpty: (srv, thread, isSafe) => !treeOf(srv, thread, isSafe)?.first,
  first: (srv, thread, isSafe, key) => oldest(treeOf(srv, thread, isSafe), key),
  next,
  firstAvailable: (srv, thread, key) => oldest(srv.availableConns[thread], key),
  addIdle(w, srv, conn, isSafe) {
    append(w, treeOf(srv, w.thread, isSafe), conn);
  },
  addAvailable(w, srv, conn) {
    append(w, srv.availableConns[w.thread], conn);
  },
  returnAvailable(w, srv, conn) {
    append(w, srv.availableConns[w.thread], conn);
  },
  victim,
  migrate,
  migrateAll,
};
