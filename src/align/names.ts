import { firstFreeName, type World } from '../engine/objects/world.ts';

/**
 * The names of connections that are used up, each with its object, by the place at which it was
 * made: what is tried at a place knows nothing of those that are made behind it.
 */
export class Names {
  readonly #madeAt = new Map<string, number>();

  /** Takes note of the connection that the last step of a world has made, if it has made one. */
  learn(w: World, at: number): void {
    for (const id of madeBy(w)) if (!this.#madeAt.has(id)) this.#madeAt.set(id, at);
  }

  /** What was made at a place, or behind it, has not been made. */
  forget(from: number): void {
    for (const [id, at] of this.#madeAt) if (at >= from) this.#madeAt.delete(id);
  }

  /** Names the connections of a world that is at a place as a replay would. */
  attend(w: World, at: number): Trial {
    const own = new Set<string>();
    const isUsed = (id: string): boolean => own.has(id) || (this.#madeAt.get(id) ?? at) < at;
    w.nameConnection = (strm, claimed) => firstFreeName(strm, claimed, isUsed);
    return { world: w, made: own };
  }
}

/** A world that goes on from a place, and the names that it has used up since. */
export interface Trial {
  readonly world: World;
  readonly made: Set<string>;
}

/** The connections that the last step of a world has made. */
export function* madeBy(w: World): Generator<string> {
  for (const { fn, ret } of w.log.calls) {
    if (fn === 'conn_new' && typeof ret === 'object' && ret !== null) yield ret.id;
  }
}
