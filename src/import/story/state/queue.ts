import type { Draft } from './objects.ts';

/** Events that are held back at least, as one that belongs before may come. */
const WINDOW = 2048;
/** Events that are held back at most, whatever they wait for. */
const HELD_MAX = 20_000;

/** Events in the order in which they take effect, held back for as long as they may change. */
export class Queue {
  readonly #write: (draft: Draft) => void;
  #drafts: Draft[] = [];
  #head = 0;
  /** The place of the last event that was written. */
  #written = 0;
  #forced = 0;

  /** @param write takes each event that is not dropped, in order, when nothing can change it */
  constructor(write: (draft: Draft) => void) {
    this.#write = write;
  }

  /** How many events were written before all was known that they waited for. */
  get forced(): number {
    return this.#forced;
  }

  /** Adds an event behind all that take effect at the same line or before. */
  add<Kind extends Draft>(draft: Kind): Kind {
    const drafts = this.#drafts;
    let at = drafts.length;
    while (at > this.#head && (drafts[at - 1]?.place ?? 0) > draft.place) at--;
    if (at === drafts.length) drafts.push(draft);
    else drafts.splice(at, 0, draft);
    return draft;
  }

  /** Adds an event just before another one; false when that is written already. */
  addBefore(draft: Draft, other: Draft): boolean {
    const at = this.#drafts.indexOf(other, this.#head);
    if (at === -1) return false;
    this.#drafts.splice(at, 0, draft);
    return true;
  }

  /** Writes what need not be held back. */
  settle(): void {
    while (this.#drafts.length - this.#head > WINDOW) {
      const draft = this.#drafts[this.#head];
      if (draft === undefined) return;
      if (!draft.isDropped && !draft.isReady()) {
        if (this.#drafts.length - this.#head < HELD_MAX) return;
        this.#forced++;
      }
      this.#pop(draft);
    }
  }

  /** Writes everything. */
  end(): void {
    for (;;) {
      const draft = this.#drafts[this.#head];
      if (draft === undefined) return;
      this.#pop(draft);
    }
  }

  /** Whether an event at that place still comes before what is not written. */
  isOpen(place: number): boolean {
    return place >= this.#written;
  }

  #pop(draft: Draft): void {
    this.#head++;
    if (this.#head > WINDOW * 2) {
      this.#drafts = this.#drafts.slice(this.#head);
      this.#head = 0;
    }
    if (draft.isDropped) return;
    draft.isWritten = true;
    this.#written = draft.place;
    this.#write(draft);
  }
}
