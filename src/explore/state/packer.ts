import { StateWriter } from './pack.ts';
import { Roster } from './roster.ts';
import type { Scene } from './scene.ts';
import { SessionOrder } from './session-order.ts';

/** Every order of so many things, as places, the one that stands first; made once for each number. */
const ORDERS: (readonly (readonly number[])[])[] = [[[]]];

function ordersOf(count: number): readonly (readonly number[])[] {
  const known = ORDERS[count];
  if (known) return known;
  const places = Array.from({ length: count }, (_, place) => place);
  const made = places.flatMap((first) => {
    const others = places.filter((place) => place !== first);
    return ordersOf(count - 1).map((order) => [first, ...order.map((at) => others[at] as number)]);
  });
  ORDERS[count] = made;
  return made;
}

/**
 * Tries every order that permutes the members of some groups among themselves, the given one left
 * out. Takes no memory once it has been used: the order that it hands out is overwritten.
 */
class Orders {
  /** One for each group: the order that the groups before it have led to. */
  readonly #levels: number[][] = [];

  /** @param groups places of the order whose members may change places */
  try(
    order: readonly number[],
    groups: readonly (readonly number[])[],
    see: (order: readonly number[]) => void,
  ): void {
    this.#tryFrom(order, groups, 0, see);
  }

  #tryFrom(
    order: readonly number[],
    groups: readonly (readonly number[])[],
    level: number,
    see: (order: readonly number[]) => void,
  ): void {
    const group = groups[level];
    if (group === undefined) return;
    this.#levels[level] ??= [];
    const permuted = this.#levels[level] as number[];
    const orders = ordersOf(group.length);
    for (let way = 0; way < orders.length; way++) {
      const places = orders[way] as readonly number[];
      while (permuted.length > order.length) permuted.pop();
      for (let at = 0; at < order.length; at++) permuted[at] = order[at] as number;
      for (let at = 0; at < group.length; at++) {
        permuted[group[at] as number] = order[group[places[at] as number] as number] as number;
      }
      if (way > 0) see(permuted);
      this.#tryFrom(permuted, groups, level + 1, see);
    }
  }
}

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
  /** The least words so far: how many there are, and the orders that they came of. */
  #length = 0;
  readonly #sessions: number[] = [];
  readonly #conns: number[] = [];
  readonly #sessionOrders = new Orders();
  readonly #connOrders = new Orders();

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
  #packTied(length: number): number {
    const { roster } = this;
    const { places, ties } = this.#order;
    this.#length = length;
    refill(this.#sessions, places, places.length);
    refill(this.#conns, roster.connPlaces, roster.connCount);
    this.#tryConns(places);
    this.#sessionOrders.try(places, ties, (sessions) => {
      roster.arrange(sessions, true);
      this.#consider(sessions, roster.connPlaces);
      this.#tryConns(sessions);
    });
    roster.arrange(this.#sessions, true);
    if (roster.connTies.length > 0) roster.rearrange(this.#conns);
    return this.#length;
  }

  #tryConns(sessions: readonly number[]): void {
    const { roster } = this;
    if (roster.connTies.length === 0) return;
    this.#connOrders.try(roster.connPlaces.slice(0, roster.connCount), roster.connTies, (conns) => {
      roster.rearrange(conns);
      this.#consider(sessions, conns);
    });
  }

  /** Packs the roster as it stands, and keeps that if it is less than what there is. */
  #consider(sessions: readonly number[], conns: readonly number[]): void {
    const length = this.#other.write(this.roster);
    if (!isLess(this.#other.out.words, length, this.#best.out.words, this.#length)) return;
    [this.#best, this.#other] = [this.#other, this.#best];
    this.#length = length;
    refill(this.#sessions, sessions, sessions.length);
    refill(this.#conns, conns, this.roster.connCount);
  }
}

/** Makes an array hold the first members of another. */
function refill(to: number[], from: readonly number[], count: number): void {
  while (to.length > count) to.pop();
  for (let at = 0; at < count; at++) to[at] = from[at] as number;
}

function isLess(
  one: Uint32Array,
  length: number,
  other: Uint32Array,
  otherLength: number,
): boolean {
  if (length !== otherLength) return length < otherLength;
  for (let at = 0; at < length; at++) {
    const a = one[at] as number;
    const b = other[at] as number;
    if (a !== b) return a < b;
  }
  return false;
}
