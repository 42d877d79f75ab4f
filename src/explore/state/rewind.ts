import { brokenByConn } from '../../engine/invariants/broken-by-connection.ts';
import { brokenBySrv } from '../../engine/invariants/server.ts';
import { brokenBySess } from '../../engine/invariants/session.ts';
import type { Connection } from '../../engine/objects/connection-t.ts';
import type { ConnList } from '../../engine/objects/list.ts';
import type { Server } from '../../engine/objects/server-t.ts';
import type { Session } from '../../engine/objects/session-t.ts';
import type { World } from '../../engine/objects/world.ts';
import type { Side } from './side.ts';
import { ConnMemory, ListMemory, ServerMemory, SessionMemory, StreamMemory } from './undo.ts';

/**
 * Takes a step back: makes a side what it was when its state was loaded, which loading the state
 * again would take several times as long for. A step is taken back at every transition.
 */
export class Rewind {
  readonly #side: Side;
  readonly #sessions: SessionMemory[] = [];
  readonly #conns: ConnMemory[] = [];
  readonly #streams: InstanceType<typeof StreamMemory>[] = [];
  readonly #servers: InstanceType<typeof ServerMemory>[] = [];
  readonly #lists: ListMemory[];

  constructor(side: Side) {
    this.#side = side;
    for (const _ of side.servers) this.#servers.push(new ServerMemory());
    this.#lists = side.lists.map(() => new ListMemory());
  }

  /** Takes note of the state that was just loaded, and of what it breaks. */
  remember(): void {
    const { sessions, conns, streams, servers, lists, world } = this.#side;
    for (let at = 0; at < sessions.length; at++) {
      const sess = sessions[at] as Session;
      this.#sessions[at] ??= new SessionMemory();
      sess.broken = brokenBySess(sess);
      this.#sessions[at]?.save(sess);
    }
    for (let at = 0; at < conns.length; at++) {
      const conn = conns[at];
      if (!conn) continue;
      this.#conns[at] ??= new ConnMemory();
      conn.broken = conn.freed ? 0 : brokenByConn(conn, world.rules);
      this.#conns[at]?.save(conn);
    }
    for (let at = 0; at < streams.length; at++) {
      const cs = streams[at];
      this.#streams[at] ??= new StreamMemory();
      if (cs) this.#streams[at]?.save(cs);
    }
    for (let at = 0; at < servers.length; at++) {
      const srv = servers[at] as Server;
      srv.broken = brokenBySrv(srv, world);
      this.#servers[at]?.save(srv);
    }
    for (let at = 0; at < lists.length; at++) this.#lists[at]?.save(lists[at] as ConnList);
  }

  /** Makes the side what it was. */
  rewind(): void {
    // First out of all lists that have changed, then into them: a node is in one of them at most.
    this.#emptyLists();
    this.#putSessionsBack();
    this.#putConnsBack();
    this.#putListsBack();
    this.#putOwnersBack();
    this.#putStreamsBack();
    const { servers } = this.#side;
    for (let at = 0; at < servers.length; at++) this.#servers[at]?.restore(servers[at] as Server);
  }

  #emptyLists(): void {
    const { lists, sessions, world } = this.#side;
    for (let at = 0; at < lists.length; at++) {
      const list = lists[at] as ConnList;
      if (hasChanged(list, world)) list.clear();
    }
    for (let at = 0; at < sessions.length; at++) {
      const { touchedAt, srvList } = sessions[at] as Session;
      if (touchedAt !== world.clock) continue;
      for (let entry = 0; entry < srvList.length; entry++) srvList[entry]?.connList.clear();
    }
  }

  #putListsBack(): void {
    const { lists, world } = this.#side;
    for (let at = 0; at < lists.length; at++) {
      const list = lists[at] as ConnList;
      if (hasChanged(list, world)) this.#lists[at]?.restore(list);
    }
  }

  /** What a session keeps of its streams changes without the session being touched. */
  #putSessionsBack(): void {
    const { sessions, world } = this.#side;
    for (let at = 0; at < sessions.length; at++) {
      const sess = sessions[at] as Session;
      if (sess.freed) world.sessions.set(sess.id, sess);
      const isTouched = sess.touchedAt === world.clock;
      this.#sessions[at]?.restore(sess);
      if (isTouched) this.#sessions[at]?.restoreLists(sess);
    }
    if (world.sessions.size > sessions.length) dropOthers(world.sessions, sessions);
  }

  #putConnsBack(): void {
    const { conns, live, world } = this.#side;
    for (let at = 0; at < conns.length; at++) {
      const conn = conns[at];
      if (conn?.touchedAt !== world.clock) continue;
      this.#conns[at]?.restore(conn);
      if (!conn.freed) world.connections.set(conn.id, conn);
    }
    if (world.connections.size > live.length) dropOthers(world.connections, live);
  }

  #putOwnersBack(): void {
    const { sessions, live, tombstone } = this.#side;
    for (let at = 0; at < sessions.length; at++) sessions[at]?.owned.clear();
    tombstone.owned.clear();
    for (let at = 0; at < live.length; at++) {
      const { owner, ownerLink } = live[at] as Connection;
      ownerLink.forget();
      owner?.owned.append(ownerLink);
    }
  }

  /** Streams hold connections, and leave them, without being touched themselves. */
  #putStreamsBack(): void {
    const { world, streams, isOrphan } = this.#side;
    let attached = 0;
    for (let at = 0; at < streams.length; at++) {
      const cs = streams[at];
      if (!cs) continue;
      this.#streams[at]?.restore(cs);
      if (isOrphan[at] !== true) attached++;
    }
    // A step lets at most one stream in or out: as many as there were are the same.
    if (world.streams.size < attached) {
      for (let at = 0; at < streams.length; at++) {
        const cs = streams[at];
        if (cs && isOrphan[at] !== true) world.streams.set(cs.strm, cs);
      }
    } else if (world.streams.size > attached) dropOthers(world.streams, streams);
    if (world.orphans.size > 0 || attached < streams.length) this.#putOrphansBack();
  }

  #putOrphansBack(): void {
    const { world, streams, isOrphan } = this.#side;
    world.orphans.clear();
    for (let at = 0; at < streams.length; at++) {
      const cs = streams[at];
      if (cs && isOrphan[at] === true) world.rememberOrphan(cs);
    }
  }
}

/** Whether the step may have changed a list: it touches the server then, and no removal list. */
function hasChanged({ srv }: ConnList, { clock }: World): boolean {
  return srv === null || srv.touchedAt === clock;
}

function dropOthers<Thing>(map: Map<string, Thing>, things: readonly (Thing | null)[]): void {
  for (const id of map.keys()) if (!things.includes(map.get(id) ?? null)) map.delete(id);
}
