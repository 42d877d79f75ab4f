import type { Connection } from '../connection-t.ts';

/**
 * Which connections a step chose where the choice goes by the order of keys, which a trace does not
 * carry, and which the event says (`victims`). A claim is believed for as long as it can be true.
 */
export class Victims {
  #claimed: readonly string[] | undefined;
  #isBelieved = false;
  #chosen: Connection[] = [];

  /** A step begins, with what its event says. */
  claim(claimed: readonly string[] | undefined): void {
    this.#claimed = claimed;
    this.#isBelieved = claimed !== undefined;
    if (this.#chosen.length > 0) this.#chosen = [];
  }

  /** Who is chosen next, as the event says; undefined where it says nothing that can be true. */
  get next(): string | undefined {
    return this.#isBelieved ? this.#claimed?.[this.#chosen.length] : undefined;
  }

  /** What is claimed next cannot be: nothing of the claim is believed from here on. */
  refuse(): void {
    this.#isBelieved = false;
  }

  /** A connection was chosen. */
  choose(conn: Connection): void {
    this.#chosen.push(conn);
  }

  /** Those that the step has chosen, in order. */
  get chosen(): readonly Connection[] {
    return this.#chosen;
  }
}
