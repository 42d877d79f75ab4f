import type { Trace } from '../data/trace.ts';

/** Pixels that a lane, the name of a group and the name of a rule set take from top to bottom. */
export const LANE_HEIGHT = 22;
const GROUP_HEIGHT = 22;
const BAND_HEIGHT = 26;

/** Something that is drawn from left to right: a lane, or what stands above lanes. */
export interface Row {
  readonly kind: 'band' | 'group' | 'lane';
  readonly band: number;
  readonly top: number;
  readonly height: number;
  /** Of a lane. */
  readonly lane: number;
  /** Of what stands above lanes. */
  readonly says: string;
}

/** All rows of some bands, from top to bottom. */
export class Rows {
  readonly all: readonly Row[];
  readonly height: number;
  readonly #laneRows = new Map<string, number>();

  /** @param shown the bands, in the order in which they stand */
  constructor(trace: Trace, shown: readonly number[]) {
    const rows: Row[] = [];
    let top = 0;
    const add = (row: Omit<Row, 'top'>): void => {
      rows.push({ ...row, top });
      top += row.height;
    };
    for (const at of shown) {
      const band = trace.bands[at];
      if (band === undefined) continue;
      if (shown.length > 1) {
        add({ kind: 'band', band: at, height: BAND_HEIGHT, lane: -1, says: trace.rulesOf(at) });
      }
      const hasThreads = band.groups.some(({ thread }) => thread > 0);
      for (const { kind, target, thread, first, count } of band.groups) {
        const what = kind === 'sessions' ? 'sessions' : `connections to ${trace.name(target)}`;
        const where = hasThreads ? `, thread ${thread}` : '';
        add({ kind: 'group', band: at, height: GROUP_HEIGHT, lane: -1, says: what + where });
        for (let lane = first; lane < first + count; lane++) {
          this.#laneRows.set(`${at} ${lane}`, rows.length);
          add({ kind: 'lane', band: at, height: LANE_HEIGHT, lane, says: '' });
        }
      }
    }
    this.all = rows;
    this.height = top;
  }

  /** Headings with lanes below them, by the places of their rows. */
  get headings(): readonly { readonly at: number; readonly says: string }[] {
    let band = '';
    return this.all.flatMap(({ kind, says }, at) => {
      if (kind === 'band') band = `${says}: `;
      return kind === 'group' ? [{ at, says: band + says }] : [];
    });
  }

  /** The number of the row at a place; -1 below the last one. */
  at(y: number): number {
    let [low, high] = [0, this.all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.all[middle]?.top ?? 0) <= y) low = middle + 1;
      else high = middle;
    }
    return y < this.height ? low - 1 : -1;
  }

  /** The row of a lane; undefined where its band is not shown. */
  of(band: number, lane: number): Row | undefined {
    return this.all[this.#laneRows.get(`${band} ${lane}`) ?? -1];
  }

  /** The next lane above or below a row, by their numbers; the same one at the end. */
  next(from: number, by: 1 | -1): number {
    for (let at = from + by; at >= 0 && at < this.all.length; at += by) {
      if (this.all[at]?.kind === 'lane') return at;
    }
    return from;
  }

  /** The number of the row of a lane; -1 where there is none. */
  numberOf(band: number, lane: number): number {
    return this.#laneRows.get(`${band} ${lane}`) ?? -1;
  }
}
