import type { ConnList } from '../../engine/objects/list.ts';
import type { Server } from '../../engine/objects/server-t.ts';
import type { World } from '../../engine/objects/world.ts';
import type { MoveList } from './move-list.ts';

/** Every order of some things. */
function ordersOf<T>(things: readonly T[]): T[][] {
  if (things.length < 2) return [[...things]];
  return things.flatMap((first) =>
    ordersOf(things.filter((each) => each !== first)).map((rest) => [first, ...rest]),
  );
}

interface Member {
  readonly id: string;
  readonly key: number;
}

function membersOf(list: ConnList | null | undefined): Member[] {
  const members: Member[] = [];
  for (let node = list?.first ?? null; node; node = node.next) {
    members.push({ id: node.conn.id, key: node.conn.key });
  }
  return members;
}

/** What a server keeps idle on a thread: what is idle goes before what is safe. */
function keptOn(srv: Server, thread: number): { idle: Member[]; safe: Member[] } {
  return { idle: membersOf(srv.idleConns?.[thread]), safe: membersOf(srv.safeConns?.[thread]) };
}

/** The first thread from the own one on that has anything of the server to lose. */
function threadThatLoses(w: World, srv: Server, own: number): number {
  for (let at = 0; at < w.nbthread; at++) {
    const thread = (own + at) % w.nbthread;
    const { idle, safe } = keptOn(srv, thread);
    if (idle.length > 0 || (at > 0 && safe.length > 0)) return thread;
  }
  return own;
}

/**
 * Who may have to go of a server, in which order, where that goes by the order of keys, which nobody
 * knows: one claim for each order of the keys. A single key needs none.
 *
 * @param own the thread that the event runs on
 */
export function victimsOf({ scene, choices }: MoveList, id: string, own: number): string[][] {
  const { world } = scene;
  const srv = world.server(id);
  const isAsked = scene.sides.some((side) => side.world.rules.pool.choosesByKey);
  if (!choices.victims || !isAsked || !srv) return [];
  const { idle, safe } = keptOn(srv, threadThatLoses(world, srv, own));
  const keys = [...new Set([...idle, ...safe].map(({ key }) => key))];
  if (keys.length < 2) return [];
  return ordersOf(keys).map((order) =>
    [idle, safe].flatMap((tree) =>
      order.flatMap((key) => tree.filter((member) => member.key === key).map((each) => each.id)),
    ),
  );
}
