import type { TraceEvent } from '../format/index.ts';
import { renameEvent } from '../minimize/names/rename.ts';

/** A change of a trace: numbers are places of events, before any of the changes. */
export type Op =
  /** The event goes on without what it expects and the rules do not give. */
  | { readonly op: 'relax'; readonly at: number; readonly event: TraceEvent }
  /** What has been one connection is another one from there on. */
  | { readonly op: 'rename'; readonly at: number; readonly conn: string; readonly to: string }
  | { readonly op: 'add'; readonly before: number; readonly event: TraceEvent }
  | { readonly op: 'drop'; readonly at: number }
  | { readonly op: 'move'; readonly from: number; readonly before: number };

/** What makes one place fit; it costs as many events as it has parts. */
export type Repair = readonly Op[];

/** Why an event was added, as its note says. */
const ADDED = 'added, as without it what follows could not be';
const RELAXED = 'what the rules do not give is not expected any more';
const MOVED = 'moved, as where it stood it could not be';

type Source = Readonly<Record<string, unknown>>;

/** An event that a repair makes: a guess, at the time of what stands beside it. */
function placed(event: TraceEvent, beside: TraceEvent | undefined, note: string): TraceEvent {
  const { at: _, note: own, source, ...rest } = event;
  const lines = source?.lines ?? beside?.source?.lines;
  const more: Source = {
    ...source,
    ...(lines === undefined ? {} : { lines }),
    certainty: 'guessed',
  };
  return {
    ...rest,
    ...(beside?.at === undefined ? {} : { at: beside.at }),
    note: own === undefined ? note : `${own}; ${note}`,
    source: more,
  } as TraceEvent;
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

type Renaming = Extract<Op, { readonly op: 'rename' }>;

/** An event with another name for a connection; the very same where it does not name that. */
function withName(event: TraceEvent, { conn, to }: Renaming): TraceEvent {
  if (!namesConn(event, conn)) return event;
  return renameEvent(event, (kind, name) => (kind === 'conn' && name === conn ? to : name));
}

function namesConn(event: TraceEvent, conn: string): boolean {
  return ('conn' in event && event.conn === conn) || event.expect !== undefined;
}

/** An event with the place that it had; null for one that was added. */
export interface Placed {
  readonly event: TraceEvent;
  readonly was: number | null;
  readonly isMoved: boolean;
}

/** Events from one place up to another one, with a repair made. */
export function* repaired(
  events: readonly TraceEvent[],
  repair: Repair,
  from: number,
  to: number,
): Generator<Placed> {
  const gone = new Set<number>();
  const relaxed = new Map<number, TraceEvent>();
  const renamed = repair.find((op) => op.op === 'rename');
  for (const op of repair) {
    if (op.op === 'drop') gone.add(op.at);
    else if (op.op === 'move') gone.add(op.from);
    else if (op.op === 'relax') relaxed.set(op.at, op.event);
  }
  for (let at = from; at < to; at++) {
    // Times never decrease: whatever is put here happens when the next event does.
    const beside = events[at];
    for (const op of repair) {
      if (op.op === 'add' && op.before === at) {
        yield { event: placed(op.event, beside, ADDED), was: null, isMoved: false };
      } else if (op.op === 'move' && op.before === at) {
        const event = events[op.from];
        if (event === undefined) continue;
        yield { event: placed(event, beside, MOVED), was: op.from, isMoved: true };
      }
    }
    if (beside === undefined || gone.has(at)) continue;
    const less = relaxed.get(at);
    const event = less === undefined ? beside : placed(less, beside, RELAXED);
    yield {
      event: renamed === undefined || at < renamed.at ? event : withName(event, renamed),
      was: at,
      isMoved: false,
    };
  }
}
