import type { Server } from '../../engine/objects/server-t.ts';
import type { EventOf } from '../../format/index.ts';
import { onThread } from './inputs.ts';
import { victimsOf } from './key-order.ts';
import type { MoveList } from './move-list.ts';

/** A pass comes over a server that stands in the purge tree, whether anything is idle or not. */
function isDue(same: readonly (Server | undefined)[]): boolean {
  return same.every((each) => each !== undefined && each.purgeDue !== null);
}

type Removal = EventOf<'srv_cleanup_idle_connections' | 'srv_cleanup_connections'>;

/** Idle connections have to go, in every order that nobody knows better. */
function addRemoval(list: MoveList, removal: Removal, thread: number): void {
  const event = onThread(removal, thread);
  list.add(event);
  for (const victims of victimsOf(list, removal.srv, thread)) list.add({ ...event, victims });
}

/** Servers purge what they keep, enter maintenance, and what is to go goes. */
export function addServerMoves(list: MoveList): void {
  const { scene, choices } = list;
  const { world, servers } = scene.side;
  for (let thread = 0; thread < world.nbthread; thread++) {
    for (let at = 0; at < servers.length; at++) {
      const srv = servers[at]?.id ?? '';
      const same = scene.sides.map((side) => side.servers[at]);
      const isIdle = same.some((each) => each !== undefined && each.currIdleConns > 0);
      const hasNoLists = same.some((each) => each?.idleConns === null);
      if (choices.purge && isDue(same)) {
        addRemoval(list, { event: 'srv_cleanup_idle_connections', srv }, thread);
      }
      if (choices.maintenance && (isIdle || hasNoLists)) {
        addRemoval(list, { event: 'srv_cleanup_connections', srv }, thread);
      }
    }
    addAdministration(list, thread);
    const isToRemove = scene.sides.some((side) => side.world.toremove[thread]?.first);
    if (isToRemove) list.add(onThread({ event: 'srv_cleanup_toremove_connections' }, thread));
  }
}

/** Somebody takes a server out of service, puts it back, or deletes it: on any thread. */
function addAdministration(list: MoveList, thread: number): void {
  const { scene, choices } = list;
  for (const srv of scene.side.servers) {
    if (srv.deleted) continue;
    if (choices.srvAdmin) {
      // What does not keep it enters maintenance again and again.
      list.add(onThread({ event: 'srv_admin', srv: srv.id, maint: !srv.maint }, thread));
    }
    // What has a stream is not deleted, whatever the connection.
    const isUsed = scene.side.streams.some((cs) => cs?.conn.target === srv);
    if (choices.delServer && !isUsed)
      list.add(onThread({ event: 'del_server', srv: srv.id }, thread));
  }
}
