import type {
  ConnectionLife,
  Picture,
  Segment,
  SessionLife,
  Stay,
  StreamLink,
} from '../../picture/picture.ts';

/** What is on a lane after a step. */
export type LaneContent =
  | {
      readonly kind: 'connection';
      readonly connection: ConnectionLife;
      readonly segment: Segment;
      /** Streams that hold it, orphans included. */
      readonly streams: number;
    }
  /** A connection has just gone on from here to another lane. */
  | { readonly kind: 'moved'; readonly connection: ConnectionLife; readonly to: number }
  | { readonly kind: 'session'; readonly session: SessionLife; readonly idleConns: number };

/** Who comes to a lane, one after the other. */
type Visit =
  | {
      readonly connection: ConnectionLife;
      readonly place: number;
      readonly stay: Stay;
      readonly next: Stay | null;
    }
  | { readonly session: SessionLife };

/** The last of some times that has begun at a step, walking on from where it was. */
class Walk<Item> {
  #at = -1;

  constructor(
    readonly items: readonly Item[],
    readonly begins: (item: Item) => number,
  ) {}

  to(step: number): Item | null {
    for (;;) {
      const next = this.items[this.#at + 1];
      if (next === undefined || this.begins(next) > step) break;
      this.#at++;
    }
    return this.items[this.#at] ?? null;
  }
}

function beginOf(visit: Visit): number {
  return 'session' in visit ? visit.session.from : visit.stay.from;
}

/** Walks over a picture along its steps, and tells what is on each lane. Steps only go up. */
export class PictureCursor {
  readonly #picture: Picture;
  readonly #lanes: readonly Walk<Visit>[];
  readonly #segments: readonly Walk<Segment>[];
  readonly #idleConns = new Map<SessionLife, Walk<readonly [number, number]>>();
  /** Streams on each connection, by its place. */
  readonly #streams: number[];
  readonly #ends: readonly StreamLink[];
  #begun = 0;
  #ended = 0;
  #step = 0;

  constructor(picture: Picture) {
    this.#picture = picture;
    const visits = Array.from({ length: picture.lanes }, (): Visit[] => []);
    for (const session of picture.sessions) {
      if (session.lane !== null) visits[session.lane]?.push({ session });
      this.#idleConns.set(session, new Walk(session.idleConns, ([step]) => step));
    }
    picture.connections.forEach((connection, place) => {
      connection.stays.forEach((stay, at) => {
        const next = connection.stays[at + 1] ?? null;
        visits[stay.lane]?.push({ connection, place, stay, next });
      });
    });
    for (const each of visits) each.sort((one, other) => beginOf(one) - beginOf(other));
    this.#lanes = visits.map((each) => new Walk(each, beginOf));
    this.#segments = picture.connections.map(
      ({ segments }) => new Walk(segments, ({ from }) => from),
    );
    this.#streams = picture.connections.map(() => 0);
    this.#ends = picture.streams.filter(({ to }) => to !== null).sort(byEnd);
  }

  /** Goes on to the state after a step, which is none before the last one. */
  moveTo(step: number): void {
    this.#step = step;
    const { streams } = this.#picture;
    for (; (streams[this.#begun]?.from ?? Number.POSITIVE_INFINITY) <= step; this.#begun++) {
      this.#count(streams[this.#begun], 1);
    }
    for (; (this.#ends[this.#ended]?.to ?? Number.POSITIVE_INFINITY) <= step; this.#ended++) {
      this.#count(this.#ends[this.#ended], -1);
    }
  }

  #count(link: StreamLink | undefined, by: number): void {
    if (link === undefined) return;
    this.#streams[link.connection] = (this.#streams[link.connection] ?? 0) + by;
  }

  /** What is on a lane now; null: nothing. */
  at(lane: number): LaneContent | null {
    const step = this.#step;
    const visit = this.#lanes[lane]?.to(step) ?? null;
    if (visit === null) return null;
    if ('session' in visit) {
      const { session } = visit;
      if (session.to !== null && session.to < step) return null;
      const idleConns = this.#idleConns.get(session)?.to(step)?.[1] ?? 0;
      return { kind: 'session', session, idleConns };
    }
    const { connection, place, stay, next } = visit;
    if (stay.to !== null && stay.to <= step) {
      return next !== null && stay.to === step
        ? { kind: 'moved', connection, to: next.lane }
        : null;
    }
    const segment = this.#segments[place]?.to(step) ?? null;
    if (segment === null) return null;
    return { kind: 'connection', connection, segment, streams: this.#streams[place] ?? 0 };
  }
}

function byEnd(one: StreamLink, other: StreamLink): number {
  return (one.to ?? 0) - (other.to ?? 0);
}
