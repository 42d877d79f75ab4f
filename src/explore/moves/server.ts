import type { MoveList } from './move-list.ts';

/** Servers purge what they keep, enter maintenance, and what is to go goes. */
export function addServerMoves(list: MoveList): void {
  const { scene, choices } = list;
  const { world, servers } = scene.side;
  for (let thread = 0; thread < world.nbthread; thread++) {
    const on = list.onThread(thread);
    for (let at = 0; at < servers.length; at++) {
      const srv = servers[at]?.id ?? '';
      const same = scene.sides.map((side) => side.servers[at]);
      const isIdle = same.some((each) => each !== undefined && each.currIdleConns > 0);
      const hasNoLists = same.some((each) => each?.idleConns === null);
      if (choices.purge && isIdle) list.add({ event: 'srv_cleanup_idle_connections', srv, ...on });
      if (choices.maintenance && (isIdle || hasNoLists)) {
        list.add({ event: 'srv_cleanup_connections', srv, ...on });
      }
    }
    const isToRemove = scene.sides.some((side) => side.world.toremove[thread]?.first);
    if (isToRemove) list.add({ event: 'srv_cleanup_toremove_connections', ...on });
  }
}
