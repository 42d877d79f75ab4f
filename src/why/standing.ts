import type { ConnView } from '../engine/index.ts';
import type { StepDecision, StepResult } from '../replay/index.ts';
import { writersOf } from './deciders.ts';
import { type Place, placeOf } from './place.ts';

/** Who has a connection: what a reader asks for, in the order in which it is told. */
export type Holder = 'stream' | 'session' | 'pool' | 'removal' | 'nobody';

/** Steps in a row at which a connection was held in the same way. */
export interface Interval {
  readonly from: Place;
  /** The step at which it ended; null while it lasts. */
  to: Place | null;
  readonly holder: Holder;
  /** Ids of the streams that held it meanwhile, those that left while blocked among them. */
  readonly streams: Set<string>;
  readonly owner: string | null;
  /** The session in whose list it stands. */
  readonly listedIn: string | null;
  readonly list: ConnView['list'];
  readonly flags: ConnView['flags'];
  /** The decisions that made it so. */
  readonly by: readonly StepDecision[];
  /** No rule has: the trace says that it is so, and the rules gave something else. */
  readonly isClaimed: boolean;
}

/** A connection, and how it is held. */
export interface Standing {
  readonly id: string;
  readonly target: string;
  readonly made: Place;
  mux: ConnView['mux'];
  now: Interval;
  /** Since it became private. */
  privateSince: { readonly place: Place; readonly by: readonly StepDecision[] } | null;
}

/** A connection that is no more. */
export interface Gone {
  readonly standing: Standing;
  readonly at: Place;
  readonly by: readonly StepDecision[];
}

/** Connections of a target that went last, for as many as one screen can tell. */
const GONE_KEPT = 8;

function holderOf(conn: ConnView): Holder {
  if (conn.streams.length + conn.orphans.length > 0) return 'stream';
  if (conn.listed_in !== null) return 'session';
  if (conn.list === 'toremove' || conn.toremove === true) return 'removal';
  return conn.list === null ? 'nobody' : 'pool';
}

/** Parts of a connection that differ, by the names that rules have for them. */
function changedParts(before: ConnView | null, after: ConnView | null): string[] {
  if (after === null) return ['conn', 'freed'];
  if (before === null) return ['conn', 'owner', 'list', 'listed_in', ...after.flags];
  const parts: string[] = [];
  for (const part of ['list', 'listed_in', 'owner'] as const) {
    if (before[part] !== after[part]) parts.push(part);
  }
  for (const flag of after.flags) if (!before.flags.includes(flag)) parts.push(flag);
  for (const flag of before.flags) if (!after.flags.includes(flag)) parts.push(flag);
  if (before.streams.length !== after.streams.length) parts.push('used_streams');
  return parts;
}

/** Every connection that lives, and how it is held, step by step. */
export class Standings {
  readonly alive = new Map<string, Standing>();
  /** The last ones that went, by target, and how many went in all. */
  readonly #gone = new Map<string, { readonly last: Gone[]; count: number }>();
  readonly #follow: (standing: Standing) => void;
  /** The step before, if the rules and the trace part there. */
  #parted: Place | null = null;

  /** @param follow sees a connection whenever it is held in another way, or is no more */
  constructor(follow: (standing: Standing) => void = () => {}) {
    this.#follow = follow;
  }

  /** Those of a target that went last, the latest first, and how many went in all. */
  goneOf(target: string): { readonly last: readonly Gone[]; readonly count: number } {
    const gone = this.#gone.get(target);
    return { last: gone?.last.toReversed() ?? [], count: gone?.count ?? 0 };
  }

  /** Takes the next step. */
  take(step: StepResult): void {
    const place = placeOf(step);
    if (this.#parted !== null) this.#takeOver(step, this.#parted);
    for (const change of step.changes) {
      if (change.kind !== 'conn') continue;
      const { id, before, after } = change;
      const by = writersOf(step.decisions, id, changedParts(before, after));
      if (after === null) this.#end(id, place, by);
      else {
        const bound = writersOf(step.decisions, id, ['PRIVATE']);
        this.#hold(id, after, { place, by, bound, isClaimed: false });
      }
    }
    this.#parted = step.divergences.length > 0 ? place : null;
  }

  /** What a trace says otherwise than the rules is made so behind the step, unseen until the next. */
  #takeOver({ changes, state }: StepResult, place: Place): void {
    if (state === undefined) return;
    const was = new Map<string, ConnView | null>(state.conn);
    for (const { kind, id, before } of changes) if (kind === 'conn') was.set(id, before);
    const claimed = { place, by: [], bound: [], isClaimed: true };
    for (const [id, conn] of was) if (conn !== null) this.#hold(id, conn, claimed);
    for (const id of [...this.alive.keys()]) if (!was.get(id)) this.#end(id, place, []);
  }

  #end(id: string, at: Place, by: readonly StepDecision[]): void {
    const standing = this.alive.get(id);
    if (standing === undefined) return;
    this.alive.delete(id);
    standing.now.to = at;
    let gone = this.#gone.get(standing.target);
    if (gone === undefined) {
      gone = { last: [], count: 0 };
      this.#gone.set(standing.target, gone);
    }
    gone.count++;
    gone.last.push({ standing, at, by });
    if (gone.last.length > GONE_KEPT) gone.last.shift();
    this.#follow(standing);
  }

  #hold(
    id: string,
    conn: ConnView,
    since: {
      readonly place: Place;
      readonly by: readonly StepDecision[];
      /** What made it private, if anything did. */
      readonly bound: readonly StepDecision[];
      readonly isClaimed: boolean;
    },
  ): void {
    const { place, by, bound, isClaimed } = since;
    const known = this.alive.get(id);
    const now: Interval = {
      from: place,
      to: null,
      holder: holderOf(conn),
      streams: new Set([...conn.streams, ...conn.orphans]),
      owner: conn.owner,
      listedIn: conn.listed_in,
      list: conn.list,
      flags: conn.flags,
      by,
      isClaimed,
    };
    const isPrivate = conn.flags.includes('PRIVATE');
    if (known === undefined) {
      const standing: Standing = {
        id,
        target: conn.target,
        made: place,
        mux: conn.mux,
        now,
        privateSince: isPrivate ? { place, by: bound } : null,
      };
      this.alive.set(id, standing);
      this.#follow(standing);
      return;
    }
    known.mux = conn.mux;
    if (!isPrivate) known.privateSince = null;
    else known.privateSince ??= { place, by: bound };
    if (sameHold(known.now, now)) {
      for (const strm of now.streams) known.now.streams.add(strm);
      return;
    }
    known.now.to = place;
    known.now = now;
    this.#follow(known);
  }
}

function sameHold(one: Interval, other: Interval): boolean {
  return (
    one.holder === other.holder &&
    one.owner === other.owner &&
    one.listedIn === other.listedIn &&
    one.list === other.list &&
    one.flags.join() === other.flags.join()
  );
}
