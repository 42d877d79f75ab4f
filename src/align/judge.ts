import { cloneWorld, type Outcome, step, type World } from '../engine/index.ts';
import type { Expect, TraceEvent } from '../format/index.ts';
import { takeOver } from '../replay/causes/take-over.ts';
import { compare, type Difference } from '../replay/compare.ts';
import type { Placed } from './edit.ts';
import { madeBy, type Trial } from './names.ts';

/** Events after the place of a repair that are looked at: one that spoils them is worse. */
const LOOK_AHEAD = 40;

/** What an event came to. */
export interface Judged {
  readonly outcome: Outcome;
  readonly differences: readonly Difference[];
  readonly fits: boolean;
}

/** Takes an event: whether it comes to what it says, and the modelled program goes on if it may. */
export function judge({ world: w, made }: Trial, event: TraceEvent): Judged {
  const outcome = step(w, event);
  for (const id of madeBy(w)) made.add(id);
  if (outcome.kind === 'impossible') return { outcome, differences: [], fits: false };
  const differences = compare(w, event, outcome);
  const expect = event.expect as Expect | undefined;
  const isMeant = outcome.kind === 'done' || expect?.[outcome.kind] !== undefined;
  return { outcome, differences, fits: differences.length === 0 && isMeant };
}

/** Whether the modelled program came to its end. */
export function isOver({ kind }: Outcome): boolean {
  return kind === 'crash' || kind === 'abort';
}

/** A place that is to be made to fit. */
export interface Goal {
  readonly target: number;
  /** The place is dropped: nothing of it has to fit. */
  readonly isDropped: boolean;
  /** Events that fit in no case. */
  readonly left: ReadonlySet<TraceEvent>;
}

/**
 * How many events behind a place do not fit, for as far as one looks; null where the place itself
 * or anything before it does not.
 *
 * @param trial is used up
 */
export function misfits(trial: Trial, events: Iterable<Placed>, goal: Goal): number | null {
  const { world: w } = trial;
  const { target, isDropped, left } = goal;
  let isReached = false;
  let ahead = 0;
  let count = 0;
  for (const { event, was, isMoved } of events) {
    if (isMoved && !isKnown(w, event)) return null;
    if (isDropped && was !== null && was > target) isReached = true;
    const { outcome, fits } = judge(trial, event);
    if (isReached) {
      if (isOver(outcome)) return count + LOOK_AHEAD - ahead;
      if (!fits) count++;
      if (++ahead >= LOOK_AHEAD) return count;
    } else if (!fits && !left.has(event)) return null;
    if (!fits) takeOver(w, event);
    if (was === target) isReached = true;
  }
  return isReached || isDropped ? count : null;
}

/** Whether everything exists by now that an event expects something of. */
function isKnown(w: World, event: TraceEvent): boolean {
  const own = 'conn' in event ? event.conn : undefined;
  return Object.keys(event.expect?.conn ?? {}).every((id) => id === own || w.connections.has(id));
}

/** The state at any place that is not too far back, from copies made on the way. */
export class Checkpoints {
  readonly #worlds: { readonly at: number; readonly world: World }[] = [];

  /** @param every so many events there is a copy, @param kept so many of them */
  constructor(
    readonly every: number,
    readonly kept: number,
  ) {}

  /** The place before which nothing can be changed any more. */
  get oldest(): number {
    return this.#worlds[0]?.at ?? 0;
  }

  /** Keeps the state before the event at a place, where that is due. */
  pass(at: number, world: World): void {
    const last = this.#worlds.at(-1);
    if (last !== undefined && at - last.at < this.every) return;
    this.#worlds.push({ at, world: cloneWorld(world) });
    if (this.#worlds.length > this.kept) this.#worlds.shift();
  }

  /** A copy of the last state that was kept at or before a place. */
  before(at: number): { readonly at: number; readonly world: World } {
    const found = this.#worlds.findLast((each) => each.at <= at);
    if (found === undefined) throw new Error(`the state at ${at} is not kept any more`);
    return { at: found.at, world: cloneWorld(found.world) };
  }

  /** States after a place are not true any more. */
  forget(after: number): void {
    while ((this.#worlds.at(-1)?.at ?? 0) > after) this.#worlds.pop();
  }
}
