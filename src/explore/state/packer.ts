import { StateWriter } from './pack.ts';
import { Roster } from './roster.ts';
import type { Scene } from './scene.ts';
import { SessionOrder } from './session-order.ts';

/**
 * Packs a scene into the words that stand for its state. Sessions, streams and connections have
 * no names there: states that differ in names only are one. Connections and streams follow from
 * the order of the sessions; sessions that nothing tells apart are tried in every order, and the
 * least words win.
 */
export class Packer {
  readonly roster: Roster;
  readonly #symmetric: boolean;
  readonly #order: SessionOrder;
  #best: StateWriter;
  #other: StateWriter;

  /** @param symmetric false keeps the names apart: for checking that they make no difference */
  constructor(scene: Scene, symmetric = true) {
    this.#symmetric = symmetric;
    this.roster = new Roster(scene);
    this.#order = new SessionOrder(scene, this.roster.gathering);
    this.#best = new StateWriter(scene, !symmetric);
    this.#other = new StateWriter(scene, !symmetric);
  }

  /** The words of the last packed state; asked for after `pack`, which can put others there. */
  get words(): Uint32Array {
    return this.#best.out.words;
  }

  /** Packs the scene; returns how many words it takes. The roster is left in the chosen order. */
  pack(): number {
    const { roster } = this;
    const order = this.#order;
    roster.gathering.gather();
    if (this.#symmetric) order.byMark();
    else {
      roster.gathering.nameStreams();
      order.byName();
    }
    roster.arrange(order.places, this.#symmetric);
    const length = this.#best.write(roster);
    const isTied = order.ties.length > 0 || roster.connTies.length > 0;
    return isTied ? this.#packTied(length) : length;
  }

  /** Tries all other orders, of the sessions and then of the connections; the least words win. */
  #packTied(first: number): number {
    const { roster } = this;
    const { places, ties } = this.#order;
    let length = first;
    let chosen = { sessions: [...places], conns: roster.connPlaces.slice(0, roster.connCount) };
    for (const sessions of [[...places], ...permutations(places, ties)]) {
      roster.arrange(sessions, true);
      const standing = roster.connPlaces.slice(0, roster.connCount);
      for (const conns of [standing, ...permutations(standing, roster.connTies)]) {
        if (conns !== standing) roster.rearrange(conns);
        const otherLength = this.#other.write(roster);
        if (!isLess(this.#other.out.words, otherLength, this.#best.out.words, length)) continue;
        [this.#best, this.#other] = [this.#other, this.#best];
        length = otherLength;
        chosen = { sessions, conns };
      }
    }
    roster.arrange(chosen.sessions, true);
    if (roster.connTies.length > 0) roster.rearrange(chosen.conns);
    return length;
  }
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
