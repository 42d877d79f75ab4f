import { firstFreeName, type World } from '../engine/objects/world.ts';
import { IdSet } from '../trace/check/id-set.ts';

/** The names of the connections of a trace: each is used up with its object, whatever becomes of it. */
export class ConnNames {
  readonly #used = new IdSet();

  /** What a new connection of a stream is called: as claimed, else after the stream. */
  readonly next = (strm: string, claimed: string | undefined): string =>
    firstFreeName(strm, claimed, this.#isUsed);

  /** Takes note of the connection that the last step of a world has made, if it has made one. */
  learn(w: World): void {
    for (const { fn, ret } of w.log.calls) {
      if (fn === 'conn_new' && typeof ret === 'object' && ret !== null) this.#used.add(ret.id);
    }
  }

  readonly #isUsed = (id: string): boolean => this.#used.has(id);
}
