import { cloneWorld, type Outcome, step, type World } from '../engine/index.ts';
import type { Expect, TraceEvent } from '../format/index.ts';
import { takeOver } from '../replay/causes/take-over.ts';
import { compare, type Difference } from '../replay/compare.ts';
import { madeBy, type Trial } from './names.ts';
import type { Placed } from './repairs/edit.ts';

/** Events after the place of a repair that are looked at: one that spoils them is worse. */
const LOOK_AHEAD = 40;

/** What an event came to. */
export interface Judged {
  readonly outcome: Outcome;
  readonly differences: readonly Difference[];
  /** Connections that are no more, and that are used again later on. */
  readonly lost: readonly string[];
  readonly fits: boolean;
}

/** Whether a stream gets a connection that is there, at an event or behind it. */
export type IsUsedFrom = (conn: string, event: TraceEvent) => boolean;

const NOTHING: readonly string[] = [];

/**
 * Takes an event: whether it comes to what it says, and the modelled program goes on if it may.
 *
 * @param beside what stood at its place in the trace, if that is another one
 */
export function judge(
  { world: w, made }: Trial,
  event: TraceEvent,
  isUsed: IsUsedFrom,
  beside = event,
): Judged {
  const outcome = step(w, event);
  for (const id of madeBy(w)) made.add(id);
  if (outcome.kind === 'impossible') {
    return { outcome, differences: [], lost: NOTHING, fits: false };
  }
  const differences = compare(w, event, outcome);
  const expect = event.expect as Expect | undefined;
  const isMeant = outcome.kind === 'done' || expect?.[outcome.kind] !== undefined;
  const lost = lostBy(w, event, (conn) => isUsed(conn, beside));
  const fits = differences.length === 0 && isMeant && lost.length === 0;
  return { outcome, differences, lost, fits };
}

function lostBy(w: World, event: TraceEvent, isUsed: (conn: string) => boolean): readonly string[] {
  let lost: string[] | null = null;
  for (const entity of w.log.touched) {
    if (entity.kind !== 'conn' || !entity.freed || !isUsed(entity.id)) continue;
    if (event.expect?.conn?.[entity.id] === null) continue;
    lost ??= [];
    lost.push(entity.id);
  }
  return lost ?? NOTHING;
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
  /** Whether an event fits in no case. */
  readonly isLeft: (event: TraceEvent) => boolean;
  readonly isUsed: IsUsedFrom;
  /** More events than that need not be counted. */
  readonly enough: number;
}

/**
 * How many events behind a place do not fit, for as far as one looks; null where the place itself
 * or anything before it does not.
 *
 * @param trial is used up
 */
export function misfits(trial: Trial, events: Iterable<Placed>, goal: Goal): number | null {
  const { world: w } = trial;
  const { target, isDropped, isLeft, isUsed, enough } = goal;
  let isReached = false;
  let ahead = 0;
  let count = 0;
  for (const { event, was, isMoved, beside } of events) {
    if (isMoved && !isKnown(w, event)) return null;
    if (isDropped && was !== null && was > target) isReached = true;
    const { outcome, fits } = judge(trial, event, isUsed, beside);
    if (isReached) {
      if (isOver(outcome)) return count + LOOK_AHEAD - ahead;
      if (!fits) count++;
      if (++ahead >= LOOK_AHEAD || count >= enough) return count;
    } else if (!fits && !isLeft(event)) return null;
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
