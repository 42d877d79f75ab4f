import type { Session } from '../engine/session-t.ts';
import { ByteWriter } from './bytes.ts';
import { StateWriter } from './pack.ts';
import { Roster } from './roster.ts';
import type { Scene } from './scene.ts';

const NO_TIES: readonly number[][] = [];

/**
 * Packs a scene into the words that stand for its state. Sessions, streams and connections have
 * no names there: states that differ in names only are one. Connections and streams follow from
 * the order of the sessions; sessions that nothing tells apart are tried in every order, and the
 * least words win.
 */
export class Packer {
  readonly roster: Roster;
  readonly #scene: Scene;
  readonly #symmetric: boolean;
  readonly #marks: number[] = [];
  #best: StateWriter;
  #other: StateWriter;

  /** @param symmetric false keeps the names apart: for checking that they make no difference */
  constructor(scene: Scene, symmetric = true) {
    this.#scene = scene;
    this.#symmetric = symmetric;
    this.roster = new Roster(scene);
    this.#best = new StateWriter(scene, !symmetric);
    this.#other = new StateWriter(scene, !symmetric);
    const scratch = new StateWriter(scene, false, new ByteWriter());
    this.roster.look = (side, conn) => scratch.look(this.roster, side, conn);
  }

  /** The words of the last packed state; asked for after `pack`, which can put others there. */
  get words(): Uint32Array {
    return this.#best.out.words;
  }

  /** Packs the scene; returns how many words it takes. The roster is left in the chosen order. */
  pack(): number {
    const { roster } = this;
    roster.gathering.gather();
    if (!this.#symmetric) roster.gathering.nameStreams();
    const order = this.#firstOrder();
    const ties = this.#symmetric ? this.#tiesOf(order) : NO_TIES;
    roster.arrange(order, this.#symmetric);
    let length = this.#best.write(roster);
    if (ties.length === 0) return length;
    let chosen = order;
    for (const permuted of permutations(order, ties)) {
      roster.arrange(permuted, true);
      const otherLength = this.#other.write(roster);
      if (!isLess(this.#other.out.words, otherLength, this.#best.out.words, length)) continue;
      [this.#best, this.#other] = [this.#other, this.#best];
      length = otherLength;
      chosen = permuted;
    }
    roster.arrange(chosen, true);
    return length;
  }

  /** Places of the sessions, by what they look like from outside; equal ones as gathered. */
  #firstOrder(): number[] {
    const { sessionNames: names, sessionCount } = this.roster.gathering;
    const order: number[] = [];
    if (!this.#symmetric) {
      for (let at = 0; at < sessionCount; at++) order.push(at);
      return order.sort((one, other) => ((names[one] ?? '') < (names[other] ?? '') ? -1 : 1));
    }
    for (let at = 0; at < sessionCount; at++) {
      const mark = this.#markOf(at);
      this.#marks[at] = mark;
      let place = order.length;
      while (place > 0 && (this.#marks[order[place - 1] ?? 0] ?? 0) > mark) place--;
      order.splice(place, 0, at);
    }
    return order;
  }

  /** A number that does not depend on names: different ones are different sessions. */
  #markOf(at: number): number {
    const { sides, detached, threads } = this.#scene;
    const name = this.roster.gathering.sessionNames[at] ?? '';
    let mark = (detached.get(name) ?? 0) * 8 + (threads.get(name) ?? 0);
    for (let s = 0; s < sides.length; s++) {
      const sess = this.#sessionAt(s, at);
      mark = mix(mark, sess.fe === this.#scene.sides[s]?.frontends[0] ? 0 : hashOf(sess.fe.id));
      mark = mix(mark, sess.idleConns * 2 + (sess.preferLast ? 1 : 0));
      mark = mix(mark, sess.streams * 2 + (sess.preferred ? 1 : 0));
      for (const { connList } of sess.srvList) mark = mix(mark, connList.length);
      let owned = sess.owned.length;
      for (let node = sess.owned.first; node; node = node.next) {
        owned += mix(node.conn.flags, node.conn.streams);
      }
      mark = mix(mark, owned);
    }
    return mark;
  }

  #sessionAt(s: number, place: number): Session {
    return this.roster.gathering.sides[s]?.sessions[place] as Session;
  }

  /** Groups of ranks that the order does not tell apart, though their sessions mean something. */
  #tiesOf(order: readonly number[]): readonly number[][] {
    if (order.length < 2) return NO_TIES;
    let ties = NO_TIES;
    for (let rank = 1; rank < order.length; rank++) {
      const [before, at] = [order[rank - 1] ?? 0, order[rank] ?? 0];
      if (this.#marks[before] !== this.#marks[at] || this.#isBlank(at)) continue;
      const last = ties.at(-1);
      if (last?.at(-1) === rank - 1) last.push(rank);
      else ties = [...ties, [rank - 1, rank]];
    }
    return ties;
  }

  /** A session that nothing points to, and that has nothing: all such are interchangeable. */
  #isBlank(at: number): boolean {
    for (let s = 0; s < this.#scene.sides.length; s++) {
      const sess = this.#sessionAt(s, at);
      if (sess.srvList.length > 0 || sess.owned.length > 0 || sess.streams > 0) return false;
      if (sess.preferred !== null || this.#isMeant(s, sess)) return false;
    }
    return true;
  }

  #isMeant(s: number, sess: Session): boolean {
    const { world } = this.#scene.sides[s] as Scene['sides'][number];
    for (const conn of world.connections.values()) if (conn.challenged === sess) return true;
    for (const all of world.orphans.values()) {
      if (all.some((cs) => cs.sess === sess || cs.muxSess === sess)) return true;
    }
    return false;
  }
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

function hashOf(text: string): number {
  let hash = text.length;
  for (let at = 0; at < text.length; at++) hash = mix(hash, text.charCodeAt(at));
  return hash;
}

function isLess(
  one: Uint32Array,
  length: number,
  other: Uint32Array,
  otherLength: number,
): boolean {
  if (length !== otherLength) return length < otherLength;
  for (let at = 0; at < length; at++) {
    const [a = 0, b = 0] = [one[at], other[at]];
    if (a !== b) return a < b;
  }
  return false;
}

/** Every order that permutes the members of the groups among themselves, the given one left out. */
function* permutations(order: readonly number[], groups: readonly number[][]): Generator<number[]> {
  const [group, ...rest] = groups;
  if (group === undefined) return;
  for (const members of orders(group.map((rank) => order[rank] ?? 0))) {
    const permuted = [...order];
    group.forEach((rank, at) => {
      permuted[rank] = members[at] ?? 0;
    });
    if (permuted.some((place, at) => place !== order[at])) yield permuted;
    yield* permutations(permuted, rest);
  }
}

function* orders(members: readonly number[]): Generator<number[]> {
  if (members.length < 2) yield [...members];
  for (let at = 0; members.length > 1 && at < members.length; at++) {
    const others = members.filter((_, other) => other !== at);
    for (const tail of orders(others)) yield [members[at] ?? 0, ...tail];
  }
}
