import type { PackedMark, PackedPicture } from '../../report/page/told.ts';
import { endsOf, Grouped, placeAfter, starts, summed } from './columns.ts';

/** How a segment looks, besides whose it is. */
export type Look = PackedPicture['looks'][number];

/** An object with a lane: a session or a connection, by its place. */
export interface Subject {
  readonly band: number;
  readonly kind: 'sess' | 'conn';
  readonly place: number;
}

/** Whether two say the same object. */
export function isSameSubject(one: Subject | null, other: Subject | null): boolean {
  if (one === null || other === null) return one === other;
  return one.band === other.band && one.kind === other.kind && one.place === other.place;
}

/** The lanes of one rule set, to be drawn. All times are steps, their ends excluded. */
export class Band {
  readonly lanes: number;
  readonly groups: PackedPicture['groups'];
  readonly looks: readonly Look[];
  readonly marks: readonly PackedMark[];
  readonly sessions: {
    readonly id: readonly number[];
    readonly frontend: readonly number[];
    readonly thread: readonly number[];
    readonly lane: readonly number[];
    readonly from: Int32Array;
    readonly to: Int32Array;
    readonly idleStart: Int32Array;
    readonly idleStep: Int32Array;
    readonly idleConns: readonly number[];
  };
  readonly connections: {
    readonly id: readonly number[];
    readonly target: readonly number[];
    readonly from: Int32Array;
    readonly to: Int32Array;
    readonly segmentStart: Int32Array;
  };
  readonly stays: {
    readonly connection: Int32Array;
    readonly thread: readonly number[];
    readonly lane: readonly number[];
    readonly from: Int32Array;
    readonly to: Int32Array;
  };
  readonly segments: {
    readonly from: Int32Array;
    readonly to: Int32Array;
    readonly look: readonly number[];
    readonly owner: readonly number[];
    readonly lister: readonly number[];
  };
  readonly streams: {
    readonly id: readonly number[];
    readonly connection: readonly number[];
    readonly session: readonly number[];
    readonly from: Int32Array;
    readonly to: Int32Array;
  };
  readonly #staysOfLane: Grouped;
  readonly #sessionsOfLane: Grouped;
  readonly #streamsOfConnection: Grouped;
  readonly #staysOfConnection: Grouped;

  /** Where what is not over ends: after the last step. */
  readonly open: number;

  constructor(packed: PackedPicture) {
    const open = packed.last + 1;
    this.open = open;
    const { sessions, connections, stays, segments, streams } = packed;
    this.lanes = packed.lanes;
    this.groups = packed.groups;
    this.looks = packed.looks;
    this.marks = packed.marks;
    const sessionFrom = summed(sessions.from);
    this.sessions = {
      ...sessions,
      from: sessionFrom,
      // The step that frees it is the last one of its lane.
      to: endsOf(sessionFrom, sessions.length, open - 1).map((end) => end + 1),
      idleStart: starts(sessions.idleCount),
      idleStep: summed(sessions.idleStep),
    };
    const connectionFrom = summed(connections.from);
    this.connections = {
      ...connections,
      from: connectionFrom,
      to: endsOf(connectionFrom, connections.length, open),
      segmentStart: starts(connections.segmentCount),
    };
    const stayFrom = summed(stays.from);
    const stayStart = starts(connections.stayCount);
    const stayConnection = new Int32Array(stayFrom.length);
    for (let place = 0; place < connections.id.length; place++) {
      stayConnection.fill(place, stayStart[place] ?? 0, stayStart[place + 1] ?? 0);
    }
    this.stays = {
      ...stays,
      connection: stayConnection,
      from: stayFrom,
      to: endsOf(stayFrom, stays.length, open),
    };
    const segmentFrom = summed(segments.from);
    this.segments = {
      ...segments,
      from: segmentFrom,
      to: endsOf(segmentFrom, segments.length, open),
    };
    const streamFrom = summed(streams.from);
    this.streams = { ...streams, from: streamFrom, to: endsOf(streamFrom, streams.length, open) };
    this.#staysOfLane = byBeginning(new Grouped(stays.lane, packed.lanes), stayFrom, packed.lanes);
    this.#sessionsOfLane = new Grouped(sessions.lane, packed.lanes);
    this.#staysOfConnection = new Grouped(stayConnection, connections.id.length);
    this.#streamsOfConnection = new Grouped(streams.connection, connections.id.length);
  }

  /** The stays of connections on a lane, by their beginnings. */
  staysOn(lane: number): Int32Array {
    return this.#staysOfLane.of(lane);
  }

  /** The sessions on a lane, by their beginnings. */
  sessionsOn(lane: number): Int32Array {
    return this.#sessionsOfLane.of(lane);
  }

  /** The streams of a connection, by their beginnings. */
  streamsOf(connection: number): Int32Array {
    return this.#streamsOfConnection.of(connection);
  }

  /** The segment of a connection after a step; -1 where there is none. */
  segmentAt(connection: number, step: number): number {
    const [first = 0, end = 0] = this.connections.segmentStart.subarray(connection, connection + 2);
    const place = placeAfter(this.segments.from, step, first, end) - 1;
    return place >= first && step < (this.segments.to[place] ?? 0) ? place : -1;
  }

  /** What is on a lane after a step, or null. */
  onLane(
    lane: number,
    step: number,
  ): { readonly kind: Subject['kind']; readonly place: number } | null {
    for (const place of this.sessionsOn(lane)) {
      if (isWithin(this.sessions, place, step)) return { kind: 'sess', place };
    }
    const all = this.staysOn(lane);
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.stays.from[all[middle] ?? 0] ?? 0) <= step) low = middle + 1;
      else high = middle;
    }
    const stay = all[low - 1];
    if (stay === undefined || !isWithin(this.stays, stay, step)) return null;
    return { kind: 'conn', place: this.stays.connection[stay] ?? 0 };
  }

  /** The lane of an object at a step, or else the one that it is on at another time; -1: none. */
  laneOf({ kind, place }: Pick<Subject, 'kind' | 'place'>, step: number): number {
    return kind === 'sess' ? (this.sessions.lane[place] ?? -1) : this.laneAt(place, step);
  }

  /** The same of a connection. */
  laneAt(connection: number, step: number): number {
    let lane = -1;
    for (const stay of this.#staysOfConnection.of(connection)) {
      if (lane === -1 || (this.stays.from[stay] ?? 0) <= step) lane = this.stays.lane[stay] ?? -1;
    }
    return lane;
  }

  /** Whether a session owns or lists what a segment shows. */
  isOf(segment: number, session: number): boolean {
    return this.segments.owner[segment] === session || this.segments.lister[segment] === session;
  }
}

function isWithin(
  times: { readonly from: Int32Array; readonly to: Int32Array },
  place: number,
  step: number,
): boolean {
  return (times.from[place] ?? 0) <= step && step < (times.to[place] ?? 0);
}

/** Sorts the members of each group by their beginnings. */
function byBeginning(grouped: Grouped, from: Int32Array, groups: number): Grouped {
  for (let group = 0; group < groups; group++) {
    grouped.of(group).sort((one, other) => (from[one] ?? 0) - (from[other] ?? 0));
  }
  return grouped;
}
