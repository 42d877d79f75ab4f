import { brokenByConn } from '../../engine/invariants/broken-by-connection.ts';
import { brokenBySrv } from '../../engine/invariants/server.ts';
import { brokenBySess } from '../../engine/invariants/session.ts';
import type { ConnList } from '../../engine/objects/list.ts';
import type { Server } from '../../engine/objects/server-t.ts';
import type { Session } from '../../engine/objects/session-t.ts';
import type { Entity } from '../../engine/objects/step-log.ts';
import { empty, unlink } from './lists.ts';
import { ConnMemory, eachList, ListMemory, ServerMemory, SessionMemory } from './memory.ts';
import type { Side } from './side.ts';

/**
 * Takes a step back: makes a side what it was when its state was loaded. Only what the step has
 * touched is put back, and what follows it without being touched; loading the state again would
 * take several times as long, and a step is taken back at every transition.
 */
export class Rewind {
  readonly #side: Side;
  readonly #sessions: SessionMemory[] = [];
  readonly #conns: ConnMemory[] = [];
  readonly #servers: ServerMemory[] = [];
  readonly #toremove: ListMemory[];

  constructor(side: Side) {
    this.#side = side;
    for (const _ of side.servers) this.#servers.push(new ServerMemory());
    this.#toremove = side.world.toremove.map(() => new ListMemory());
  }

  /** Takes note of the state that was just loaded, and of what it breaks. */
  remember(): void {
    const { sessions, conns, servers, world } = this.#side;
    for (let at = 0; at < sessions.length; at++) {
      const sess = sessions[at] as Session;
      this.#sessions[at] ??= new SessionMemory();
      sess.broken = brokenBySess(sess);
      this.#sessions[at]?.save(sess, sess.broken);
    }
    for (let at = 0; at < conns.length; at++) {
      const conn = conns[at];
      if (!conn) continue;
      this.#conns[at] ??= new ConnMemory();
      conn.broken = conn.freed ? 0 : brokenByConn(conn, world.rules);
      this.#conns[at]?.save(conn, conn.broken);
    }
    for (let at = 0; at < servers.length; at++) {
      const srv = servers[at] as Server;
      srv.broken = brokenBySrv(srv, world.rules);
      this.#servers[at]?.save(srv, srv.broken);
    }
    for (let at = 0; at < world.toremove.length; at++) {
      this.#toremove[at]?.save(world.toremove[at] as ConnList);
    }
  }

  /** Makes the side what it was. */
  rewind(): void {
    const { touched } = this.#side.world.log;
    // First out of all lists that have changed, then into them: a node is in one of them at most.
    for (let at = 0; at < touched.length; at++) takeOut(touched[at] as Entity);
    for (const list of this.#side.world.toremove) unlinkAll(list);
    for (let at = 0; at < touched.length; at++) this.#putBack(touched[at] as Entity);
    for (let at = 0; at < this.#toremove.length; at++) {
      this.#toremove[at]?.restore(this.#side.world.toremove[at] as ConnList);
    }
    this.#putStreamsBack();
    this.#putOwnersBack();
  }

  #putBack(entity: Entity): void {
    const { sessions, conns, servers, world } = this.#side;
    if (entity.kind === 'srv') this.#servers[servers.indexOf(entity)]?.restore(entity);
    else if (entity.kind === 'sess') {
      const at = sessions.indexOf(entity);
      if (at === -1) {
        if (world.sessions.get(entity.id) === entity) world.sessions.delete(entity.id);
        return;
      }
      if (entity.freed) world.sessions.set(entity.id, entity);
      this.#sessions[at]?.restore(entity);
    } else {
      const at = conns.indexOf(entity);
      if (at === -1) {
        if (world.connections.get(entity.id) === entity) world.connections.delete(entity.id);
        return;
      }
      this.#conns[at]?.restore(entity);
      if (!entity.freed) world.connections.set(entity.id, entity);
    }
  }

  /** Streams hold connections, and leave them, without being touched themselves. */
  #putStreamsBack(): void {
    const { world, streams, isOrphan, sessions, servers } = this.#side;
    let attached = 0;
    for (let at = 0; at < streams.length; at++) {
      const cs = streams[at];
      if (!cs || isOrphan[at] === true) continue;
      attached++;
      cs.muxSess = this.#side.muxSess[at] ?? null;
    }
    // A step lets at most one stream in or out: as many as there were are the same.
    if (world.streams.size < attached) {
      for (let at = 0; at < streams.length; at++) {
        const cs = streams[at];
        if (cs && isOrphan[at] !== true) world.streams.set(cs.strm, cs);
      }
    } else if (world.streams.size > attached) {
      for (const [strm, cs] of world.streams) if (!streams.includes(cs)) world.streams.delete(strm);
    }
    if (world.orphans.size > 0 || attached < streams.length) this.#putOrphansBack();
    for (let at = 0; at < sessions.length; at++) {
      this.#sessions[at]?.restoreUntouched(sessions[at] as Session);
    }
    for (let at = 0; at < servers.length; at++) {
      this.#servers[at]?.restoreLive(servers[at] as Server);
    }
  }

  #putOrphansBack(): void {
    const { world, streams, isOrphan } = this.#side;
    world.orphans.clear();
    for (let at = 0; at < streams.length; at++) {
      const cs = streams[at];
      if (cs && isOrphan[at] === true) world.rememberOrphan(cs);
    }
  }

  #putOwnersBack(): void {
    const { sessions, conns, tombstone } = this.#side;
    for (let at = 0; at < sessions.length; at++) empty((sessions[at] as Session).owned);
    empty(tombstone.owned);
    for (let at = 0; at < conns.length; at++) {
      const conn = conns[at];
      if (!conn) continue;
      unlink(conn.ownerLink);
      conn.owner = this.#conns[at]?.owner ?? null;
      conn.owner?.owned.append(conn.ownerLink);
    }
  }
}

/** Takes every connection out of the lists of a session or a server. */
function takeOut(entity: Entity): void {
  if (entity.kind === 'sess') {
    for (let at = 0; at < entity.srvList.length; at++) unlinkAll(entity.srvList[at]?.connList);
  } else if (entity.kind === 'srv') eachList(entity, unlinkAll);
}

function unlinkAll(list: ConnList | undefined): void {
  let node = list?.first ?? null;
  while (node) {
    const { next } = node;
    unlink(node);
    node = next;
  }
  empty(list);
}
