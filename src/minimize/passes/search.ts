import type { TraceEvent } from '../../format/index.ts';
import { type Candidate, isSmaller } from '../goal/candidate.ts';
import type { Goal } from '../goal/goal.ts';
import { tryOut } from '../goal/trial.ts';

/** A pass over the trace, which yields after each candidate that it tried. */
export type Pass = Generator<void, void>;

/** The smallest candidate found so far, and the way to a smaller one. */
export class Search {
  readonly goal: Goal;
  #current: Candidate;
  #tried = 0;

  constructor(goal: Goal, start: Candidate) {
    this.goal = goal;
    this.#current = start;
  }

  /** The smallest candidate so far; it shows the goal, and nothing in it is impossible. */
  get current(): Candidate {
    return this.#current;
  }

  /** How many candidates were tried. */
  get tried(): number {
    return this.#tried;
  }

  /** The events that may be removed: all, but for a last one that the goal is about. */
  get removable(): readonly TraceEvent[] {
    const { events } = this.#current;
    return this.goal.pinned ? events.slice(0, -1) : events;
  }

  /**
   * Takes a selection of the removable events, if what is left of it shows the goal.
   *
   * @returns whether it did
   */
  keepOnly(events: readonly TraceEvent[]): boolean {
    const pinned = this.goal.pinned ? this.#current.events.slice(-1) : [];
    const left = this.#try({ ...this.#current, events: [...events, ...pinned] });
    if (left !== null) this.#current = left;
    return left !== null;
  }

  /**
   * Takes another candidate, if what is left of it shows the goal and is smaller than the current
   * one.
   *
   * @returns whether it is
   */
  improve(candidate: Partial<Candidate>): boolean {
    const left = this.probe(candidate);
    return left !== null && this.take(left);
  }

  /** What is left of another candidate, which is not taken; null if it does not show the goal. */
  probe(candidate: Partial<Candidate>): Candidate | null {
    return this.#try({ ...this.#current, ...candidate });
  }

  /**
   * Takes a candidate that was probed, if it is smaller than the current one.
   *
   * @returns whether it is
   */
  take(probed: Candidate): boolean {
    const isBetter = isSmaller(probed, this.#current);
    if (isBetter) this.#current = probed;
    return isBetter;
  }

  /**
   * Takes a candidate that is as large as the current one, if it shows the goal as it is.
   *
   * @returns whether it does
   */
  replace(candidate: Candidate): boolean {
    const left = this.#try(candidate);
    const isWhole = left !== null && left.events.length === candidate.events.length;
    if (isWhole) this.#current = left;
    return isWhole;
  }

  #try(candidate: Candidate): Candidate | null {
    this.#tried++;
    return tryOut(this.goal, candidate);
  }
}
