import { CO_FL_SESS_IDLE, type Connection } from '../engine/objects/connection-t.ts';
import type { MuxContext } from '../engine/objects/mux-t.ts';
import type { Server } from '../engine/objects/server-t.ts';
import type { Entity } from '../engine/objects/step-log.ts';
import type { ConnStream } from '../engine/objects/stream-t.ts';
import type { World } from '../engine/objects/world.ts';
import type { ChoiceName } from '../engine/rule-sets/choices/index.ts';
import { placeOf, type Teller } from '../engine/view/readings.ts';
import type { Value } from '../replay/result.ts';
import type { Field } from '../state/field.ts';
import { SERVER } from '../state/server.ts';
import {
  flagsOfBoth,
  liveObject,
  sameTold,
  sameValue,
  tellersOfBoth,
  touchedIn,
} from './observables.ts';

function sameStreams(one: readonly ConnStream[], other: readonly ConnStream[]): boolean {
  if (one.length !== other.length) return false;
  return one.every(({ strm, notFirst }, at) => {
    const twin = other[at];
    return twin !== undefined && twin.strm === strm && twin.notFirst === notFirst;
  });
}

/** The same mux with the same streams and the same numbers and marks of its own. */
function sameMux(one: MuxContext | null, other: MuxContext | null): boolean {
  if (one === null || other === null) return one === other;
  if (one.mux !== other.mux) return false;
  if (!sameStreams(one.streams, other.streams)) return false;
  if (!sameStreams(one.orphans, other.orphans)) return false;
  return Object.keys(one).every((key) => {
    const value: unknown = Reflect.get(one, key);
    return typeof value === 'object' || value === Reflect.get(other, key);
  });
}

/** Two connections in the same use: only whose they are, and where they are listed, may differ. */
function sameUse(one: Connection, other: Connection, flags: number): boolean {
  return (
    ((one.flags ^ other.flags) & flags & ~CO_FL_SESS_IDLE) === 0 &&
    one.cs?.strm === other.cs?.strm &&
    one.countedIdle === other.countedIdle &&
    placeOf(one) === placeOf(other) &&
    sameMux(one.ctx, other.ctx)
  );
}

/** Fields of a server that count and that a view of it does not show; entries are sessions' lists. */
const UNSEEN = Object.entries<Field>(SERVER).filter(
  ([, { kind, identity, told }]) =>
    identity === 'counts' && told.length === 0 && kind !== 'known-entries',
);

/** A value of a server that no view shows; undefined where its rule set keeps none. */
function unseen(srv: Server, name: string, { countsIf }: Field): Value | undefined {
  if (countsIf !== undefined && Reflect.get(srv, countsIf) !== true) return undefined;
  const value: Value = Reflect.get(srv, name);
  return Array.isArray(value) && value.length === 0 ? undefined : value;
}

/** Whether no rule set, or only one of them, keeps a value, or it is the same. */
function sameUnseen(one: Server, other: Server, name: string, field: Field): boolean {
  const [value, twin] = [unseen(one, name, field), unseen(other, name, field)];
  return value === undefined || twin === undefined || sameValue(value, twin);
}

/** Which choice says what a server remembers of a handshake, by the field that it stands in. */
const REMEMBERS = new Map<string, ChoiceName>([
  ['negoAlpn', 'muxWaits'],
  ['negoKey', 'alpnIsOf'],
]);

/** Whether both rule sets keep a field for the same: what only one of them looks at parts nothing. */
function isKeptAlike(name: string, from: World, to: World): boolean {
  const choice = REMEMBERS.get(name);
  return choice === undefined || from.rules[choice] === to.rules[choice];
}

function sameServer(
  one: Server,
  other: Server,
  unseen: typeof UNSEEN,
  tellers: readonly Teller[],
): boolean {
  return (
    unseen.every(([name, field]) => sameUnseen(one, other, name, field)) &&
    tellers.every((teller) => sameTold(teller, one, other))
  );
}

/**
 * Which objects are no longer the same thing in both worlds. A connection has parted while it
 * lives in one world only, or is in another use: other streams, another state of its mux or of
 * its transport, another list of the server. A server has parted while its lists and counters
 * differ. A session has parted, for the rest of its life, once a parted connection was in its
 * list or counted there. Owner, session list and idle mark do not count: that these differ is
 * what rule sets are compared for.
 */
export class PartedObjects {
  readonly #keys = new Set<string>();
  /** What both rule sets keep of a server. */
  readonly #tellers: readonly Teller[];
  readonly #unseen: typeof UNSEEN;
  /** The flags of a connection that both keep. */
  readonly #flags: number;

  constructor(
    readonly from: World,
    readonly to: World,
  ) {
    this.#tellers = tellersOfBoth(from, to, 'srv');
    this.#unseen = UNSEEN.filter(([name]) => isKeptAlike(name, from, to));
    this.#flags = flagsOfBoth(from, to);
  }

  /** Whether the object had parted after the last step that was taken note of. */
  has({ kind, id }: Pick<Entity, 'kind' | 'id'>): boolean {
    return this.#keys.has(`${kind} ${id}`);
  }

  /** Takes note of what the last step did to the objects that it touched. */
  update(): void {
    const { from, to } = this;
    for (const [key, object] of touchedIn(from, to)) {
      const one = liveObject(from, object);
      const other = liveObject(to, object);
      if (one === undefined && other === undefined) this.#keys.delete(key);
      else if (one === undefined || other === undefined) this.#keys.add(key);
      else this.#compare(key, one, other);
      if (object.kind === 'conn' && this.#keys.has(key)) {
        this.#spread(one);
        this.#spread(other);
      }
    }
  }

  #compare(key: string, one: Entity, other: Entity): void {
    let same = true;
    if (one.kind === 'conn' && other.kind === 'conn') same = sameUse(one, other, this.#flags);
    else if (one.kind === 'srv' && other.kind === 'srv')
      same = sameServer(one, other, this.#unseen, this.#tellers);
    else return;
    if (same) this.#keys.delete(key);
    else this.#keys.add(key);
  }

  /** A parted connection takes the session that lists or counts it along. */
  #spread(conn: Entity | undefined): void {
    if (conn?.kind !== 'conn') return;
    const listing = conn.sessionList.list?.entry?.sess;
    if (listing) this.#keys.add(`sess ${listing.id}`);
    if (conn.owner && !conn.owner.freed && conn.has(CO_FL_SESS_IDLE)) {
      this.#keys.add(`sess ${conn.owner.id}`);
    }
  }
}
