import type { Picture } from '../../picture/picture.ts';
import type { Columns } from './columns.ts';

/** Begins and ends of some lives, for counting those that are there. */
class Crowd {
  readonly #begins: readonly number[];
  readonly #ends: readonly number[];
  #begun = 0;
  #ended = 0;

  constructor(lives: readonly { readonly from: number; readonly to: number | null }[]) {
    this.#begins = ascending(lives.map(({ from }) => from));
    this.#ends = ascending(lives.flatMap(({ to }) => to ?? []));
  }

  /** How many are there after a step; steps only go up. */
  at(step: number): number {
    while ((this.#begins[this.#begun] ?? Number.POSITIVE_INFINITY) <= step) this.#begun++;
    while ((this.#ends[this.#ended] ?? Number.POSITIVE_INFINITY) <= step) this.#ended++;
    return this.#begun - this.#ended;
  }
}

function ascending(numbers: readonly number[]): number[] {
  return [...numbers].sort((one, other) => one - other);
}

/** Those of either kind that have no column of their own. */
export type Crowds = Readonly<Record<'sessions' | 'connections', Crowd>>;

/** Counts what is on the lanes that have no column. */
export function crowdsOf(picture: Picture, { placeOf }: Columns): Crowds {
  const isFolded = (lane: number | null): boolean => lane !== null && !placeOf.has(lane);
  const stays = picture.connections.flatMap((connection) =>
    connection.stays
      .filter(({ lane }) => isFolded(lane))
      // A connection is there no more from the step on that frees it.
      .map(({ from, to }) => ({
        from,
        to: to === null ? null : Math.min(to, connection.to ?? to),
      })),
  );
  return {
    sessions: new Crowd(picture.sessions.filter(({ lane }) => isFolded(lane))),
    connections: new Crowd(stays),
  };
}
