import type { TraceEvent } from '../../format/index.ts';
import { isTestimony } from './testimony.ts';

/** A change of a trace: numbers are places of events, before any of the changes. */
export type Op =
  /** The event goes on without what it expects and the rules do not give. */
  | { readonly op: 'relax'; readonly at: number; readonly event: TraceEvent }
  /** The event has other inputs: something else happened. */
  | { readonly op: 'amend'; readonly at: number; readonly event: TraceEvent }
  | { readonly op: 'add'; readonly before: number; readonly event: TraceEvent }
  | { readonly op: 'drop'; readonly at: number }
  | { readonly op: 'move'; readonly from: number; readonly before: number };

/** What makes one place fit. */
export type Repair = readonly Op[];

/** Why an event was added, as its note says. */
const ADDED = 'added, as without it what follows could not be';
const RELAXED = 'what the rules do not give is not expected any more';
const AMENDED = 'told otherwise, as what it said could not be';
const MOVED = 'moved, as where it stood it could not be';

type Source = Readonly<Record<string, unknown>>;

/** How sure an event is that a repair makes: what it shows of a request stays, where it does. */
function certaintyOf(event: TraceEvent): string {
  return isTestimony(event) ? 'inferred' : 'guessed';
}

/** An event that a repair makes, at the time of what stands beside it. */
function placed(event: TraceEvent, beside: TraceEvent | undefined, note: string): TraceEvent {
  const { at: _, note: own, source, ...rest } = event;
  const lines = source?.lines ?? beside?.source?.lines;
  const more: Source = {
    ...source,
    ...(lines === undefined ? {} : { lines }),
    certainty: certaintyOf(event),
  };
  return {
    ...rest,
    ...(beside?.at === undefined ? {} : { at: beside.at }),
    note: own === undefined ? note : `${own}; ${note}`,
    source: more,
  } as TraceEvent;
}

/** An event that is added, which nothing shows. */
function guessed(event: TraceEvent, beside: TraceEvent | undefined): TraceEvent {
  const made = placed(event, beside, ADDED);
  return { ...made, source: { ...made.source, certainty: 'guessed' } } as TraceEvent;
}

/** The first place that a repair changes. */
export function firstPlace(repair: Repair): number {
  return Math.min(
    ...repair.map((op) => {
      if (op.op === 'add') return op.before;
      return op.op === 'move' ? Math.min(op.from, op.before) : op.at;
    }),
  );
}

/** The last place that a repair changes, or names. */
export function lastPlace(repair: Repair): number {
  return Math.max(
    ...repair.map((op) => {
      if (op.op === 'add') return op.before;
      return op.op === 'move' ? Math.max(op.from, op.before) : op.at;
    }),
  );
}

/** An event with the place that it had; null for one that was added. */
export interface Placed {
  readonly event: TraceEvent;
  readonly was: number | null;
  readonly isMoved: boolean;
  /** What stood there before; the event itself where nothing did. */
  readonly beside: TraceEvent;
}

/** Events from one place up to another one, with a repair made. */
export function* repaired(
  events: readonly TraceEvent[],
  repair: Repair,
  from: number,
  to: number,
): Generator<Placed> {
  const gone = new Set<number>();
  const other = new Map<number, TraceEvent>();
  for (const op of repair) {
    if (op.op === 'drop') gone.add(op.at);
    else if (op.op === 'move') gone.add(op.from);
    else if (op.op === 'relax' || op.op === 'amend') {
      const note = op.op === 'relax' ? RELAXED : AMENDED;
      other.set(op.at, placed(op.event, events[op.at], note));
    }
  }
  for (let at = from; at < to; at++) {
    // Times never decrease: whatever is put here happens when the next event does.
    const beside = events[at];
    for (const op of repair) {
      if (op.op === 'add' && op.before === at) {
        const event = guessed(op.event, beside);
        yield { event, was: null, isMoved: false, beside: beside ?? event };
      } else if (op.op === 'move' && op.before === at) {
        const event = events[op.from];
        if (event === undefined) continue;
        const moved = placed(event, beside, MOVED);
        yield { event: moved, was: op.from, isMoved: true, beside: beside ?? event };
      }
    }
    if (beside === undefined || gone.has(at)) continue;
    yield { event: other.get(at) ?? beside, was: at, isMoved: false, beside };
  }
}
