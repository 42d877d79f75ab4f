import { linksTo, namesOf } from '../../engine/objects/fields/struct.ts';
import type { Session } from '../../engine/objects/session-t.ts';
import { CONNECTION } from '../../state/connection.ts';
import type { Field } from '../../state/field.ts';
import { SESSION } from '../../state/session.ts';
import { CONN_STREAM } from '../../state/stream.ts';
import type { Gathering, SideObjects } from './gathering.ts';
import { placeIn } from './refs.ts';
import type { Scene } from './scene.ts';

const NO_TIES: readonly number[][] = [];

/** What a session points by, and what of others can point to one. */
const LINKS = namesOf(SESSION, 'link');
const LINKS_TO_SESS = linksTo('sess', SESSION);
const LINKS_OF_CONN = linksTo('sess', CONNECTION);
const LINKS_OF_STREAM = linksTo('sess', CONN_STREAM);
/** The values that tell sessions apart. */
const VALUES = Object.entries<Field>(SESSION)
  .filter(
    ([, { kind, identity }]) => identity === 'counts' && kind !== 'entries' && kind !== 'link',
  )
  .map(([name]) => name);

/**
 * The order in which the sessions of a state are packed. Names do not count: sessions stand by a
 * mark, a number made of what they look like from outside. Those whose marks are the same, and that
 * something points to, have to be tried in every order.
 */
export class SessionOrder {
  /** Places in the gathering, in order; as many as there are sessions. */
  readonly places: number[] = [];
  /** Groups of ranks that the marks do not tell apart; empty most of the time. */
  ties = NO_TIES;
  readonly #scene: Scene;
  readonly #gathering: Gathering;
  readonly #marks: number[] = [];
  readonly #hasThreads: boolean;

  constructor(scene: Scene, gathering: Gathering) {
    this.#scene = scene;
    this.#gathering = gathering;
    this.#hasThreads = scene.world.nbthread > 1;
  }

  /** Orders the sessions by their marks. */
  byMark(): void {
    const { sessionCount } = this.#gathering;
    const { places } = this;
    const marks = this.#marks;
    this.ties = NO_TIES;
    while (places.length > sessionCount) places.pop();
    for (let place = 0; place < sessionCount; place++) {
      const mark = sessionCount === 1 ? 0 : this.#markOf(place);
      marks[place] = mark;
      let rank = place;
      for (; rank > 0; rank--) {
        const before = places[rank - 1] ?? 0;
        if ((marks[before] ?? 0) <= mark) break;
        places[rank] = before;
      }
      places[rank] = place;
    }
    for (let rank = 1; rank < sessionCount; rank++) {
      if (marks[places[rank] ?? 0] !== marks[places[rank - 1] ?? 0]) continue;
      const first = rank - 1;
      while (
        rank + 1 < sessionCount &&
        marks[places[rank + 1] ?? 0] === marks[places[first] ?? 0]
      ) {
        rank++;
      }
      this.#noteTie(first, rank);
    }
  }

  /** Orders the sessions by their names, which then are part of the state. */
  byName(): void {
    const { sessionNames: names, sessionCount } = this.#gathering;
    const { places } = this;
    while (places.length > sessionCount) places.pop();
    for (let place = 0; place < sessionCount; place++) places[place] = place;
    places.sort((one, other) => ((names[one] ?? '') < (names[other] ?? '') ? -1 : 1));
  }

  /** Different marks are different sessions. */
  #markOf(place: number): number {
    const { detached, threads } = this.#scene;
    const { sides, sessionNames } = this.#gathering;
    let mark = 1;
    if (detached.size > 0) mark = mix(mark, detached.get(sessionNames[place] ?? '') ?? 0);
    if (this.#hasThreads) mark = mix(mark, threads.get(sessionNames[place] ?? '') ?? 0);
    for (let s = 0; s < sides.length; s++) {
      const { side, sessions } = sides[s] as SideObjects;
      const sess = sessions[place] as Session;
      mark = mix(mark, placeIn(side.frontends, sess.fe) * 2 + (sess.preferred === null ? 0 : 1));
      mark = mix(mark, (sess.idleConns * 2 + (sess.preferLast ? 1 : 0)) * 16 + sess.streams);
      for (let at = 0; at < sess.srvList.length; at++) {
        mark = mix(mark, sess.srvList[at]?.connList.length ?? 0);
      }
      let owned = 0;
      // In no order: a sum does not depend on it.
      for (let node = sess.owned.first; node; node = node.next) {
        owned += mix(node.conn.flags, node.conn.streams);
      }
      mark = mix(mark, owned);
    }
    return mark;
  }

  /** Sessions of one mark, by rank: tried in every order, unless they are all the same. */
  #noteTie(first: number, last: number): void {
    let isSame = true;
    const group: number[] = [];
    for (let rank = first; rank <= last; rank++) {
      group.push(rank);
      const place = this.places[rank] ?? 0;
      isSame &&= this.#isBlank(place) && this.#isLike(place, this.places[first] ?? 0);
    }
    if (!isSame) this.ties = [...this.ties, group];
  }

  /** A session that has nothing, and that nothing points to. */
  #isBlank(place: number): boolean {
    const { sides } = this.#gathering;
    for (let s = 0; s < sides.length; s++) {
      const { side, sessions } = sides[s] as SideObjects;
      const sess = sessions[place] as Session;
      if (sess.srvList.length > 0 || sess.owned.length > 0 || sess.streams > 0) return false;
      for (const name of LINKS) if (Reflect.get(sess, name) !== null) return false;
      const { sessions: others, connections, orphans } = side.world;
      if (pointTo(sess, connections.values(), LINKS_OF_CONN)) return false;
      if (LINKS_TO_SESS.length > 0 && pointTo(sess, others.values(), LINKS_TO_SESS)) return false;
      for (const streams of orphans.values()) {
        for (const cs of streams) if (cs.sess === sess) return false;
        if (pointTo(sess, streams, LINKS_OF_STREAM)) return false;
      }
    }
    return true;
  }

  /** Two marks can be the same by chance. */
  #isLike(place: number, other: number): boolean {
    const { detached, threads } = this.#scene;
    const { sides, sessionNames } = this.#gathering;
    const name = sessionNames[place] ?? '';
    const otherName = sessionNames[other] ?? '';
    if (detached.get(name) !== detached.get(otherName)) return false;
    if (threads.get(name) !== threads.get(otherName)) return false;
    for (let s = 0; s < sides.length; s++) {
      const { sessions } = sides[s] as SideObjects;
      const one = sessions[place] as Session;
      const two = sessions[other] as Session;
      if (one.fe !== two.fe) return false;
      for (const field of VALUES)
        if (Reflect.get(one, field) !== Reflect.get(two, field)) return false;
    }
    return true;
  }
}

function pointTo(sess: Session, objects: Iterable<object>, links: readonly string[]): boolean {
  for (const object of objects) {
    for (const name of links) if (Reflect.get(object, name) === sess) return true;
  }
  return false;
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
