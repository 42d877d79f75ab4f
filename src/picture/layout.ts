import { lanesFor, type Taking } from './lanes.ts';
import type {
  ConnectionLife,
  Group,
  Mark,
  Picture,
  SessionLife,
  Stay,
  StreamLink,
} from './picture.ts';
import type { ConnectionRecord, Records, SessionRecord, StayRecord } from './records.ts';

/** Which part of a trace a picture shows; all of it unless stated. */
export interface LayoutOptions {
  /** The first step, and the last one. */
  readonly first?: number;
  readonly last?: number;
  /** The connections that have a lane, by id; their sessions have one as well. */
  readonly keeps?: (id: string) => boolean;
}

/** Lanes for the members of one group. */
interface Crowd<Member extends Taking> {
  readonly target: string | null;
  readonly thread: number;
  readonly members: Member[];
}

/** Places of objects in the trace, to their places in the picture. */
type Places = ReadonlyMap<number, number>;

/** A time on a lane that is still looked for, and the connection that it is of. */
type Sought = StayRecord & { readonly place: number };

/** Whether a part of it is shown: its last step, which it does not reach any more, is not. */
function isWithin({ from, to }: Taking, first: number, last: number): boolean {
  return from <= last && (to === null || to > first);
}

/** Puts each into its crowd, and the crowds in order: as they come, and by thread within each. */
function crowdsOf<Member extends Taking>(
  members: readonly Member[],
  about: (member: Member) => { readonly target: string | null; readonly thread: number },
  targets: readonly (string | null)[],
): Crowd<Member>[] {
  const crowds = new Map<string | null, Map<number, Crowd<Member>>>(
    targets.map((target) => [target, new Map()]),
  );
  for (const member of members) {
    const { target, thread } = about(member);
    const threads = crowds.get(target);
    const crowd = threads?.get(thread);
    if (crowd !== undefined) crowd.members.push(member);
    else threads?.set(thread, { target, thread, members: [member] });
  }
  return [...crowds.values()].flatMap((threads) =>
    [...threads.values()].sort((one, other) => one.thread - other.thread),
  );
}

/** Numbers lanes from left to right. */
class Lanes {
  readonly groups: Group[] = [];
  count = 0;

  /** The lane of each member of some crowds. */
  add<Member extends Taking>(
    kind: Group['kind'],
    crowds: readonly Crowd<Member>[],
  ): Map<Member, number> {
    const laneOf = new Map<Member, number>();
    for (const { target, thread, members } of crowds) {
      const { lanes, count } = lanesFor(members);
      members.forEach((member, at) => {
        laneOf.set(member, this.count + (lanes[at] ?? 0));
      });
      this.groups.push({ kind, target, thread, first: this.count, count });
      this.count += count;
    }
    return laneOf;
  }
}

/** A session, with what it counts from the first step that is shown on. */
function sessionLife(
  { place: _, idleConns, ...session }: SessionRecord,
  lane: number | null,
  first: number,
): SessionLife {
  const at = idleConns.findLastIndex(([step]) => step <= first);
  return { ...session, lane, idleConns: idleConns.slice(Math.max(0, at)) };
}

/** A session takes its lane in the step that frees it as well. */
function sessionTaking(session: SessionRecord): Taking & { readonly session: SessionRecord } {
  return { from: session.from, to: session.to === null ? null : session.to + 1, session };
}

/** So does a connection. */
function connectionTaking({ from, to }: ConnectionRecord): Taking {
  return { from, to: to === null ? null : to + 1 };
}

function connectionLife(
  { id, target, from, to, segments }: ConnectionRecord,
  stays: readonly Stay[],
  sessions: Places,
  isSeen: (taking: Taking) => boolean,
): ConnectionLife {
  const placed = (place: number | null): number | null =>
    place === null ? null : (sessions.get(place) ?? null);
  return {
    id,
    target,
    from,
    to,
    stays,
    segments: segments.filter(isSeen).map((segment) => ({
      ...segment,
      owner: placed(segment.owner),
      lister: placed(segment.lister),
    })),
  };
}

/** A mark whose subject is named by its place in the picture. */
function placedMark(mark: Mark, connections: Places, sessions: Places): Mark {
  if (!('on' in mark) || mark.on.place === null) return mark;
  const places = mark.on.kind === 'conn' ? connections : sessions;
  return { ...mark, on: { ...mark.on, place: places.get(mark.on.place) ?? null } };
}

/** Every session that something refers to which is shown of a connection. */
function sessionsNamed(
  connections: readonly ConnectionRecord[],
  streams: readonly StreamLink[],
  isSeen: (taking: Taking) => boolean,
): Set<number> {
  const named = new Set<number>();
  const name = (place: number | null): void => {
    if (place !== null) named.add(place);
  };
  for (const { segments } of connections) {
    for (const segment of segments) {
      if (!isSeen(segment)) continue;
      name(segment.owner);
      name(segment.lister);
    }
  }
  for (const { session } of streams) name(session);
  return named;
}

/** Where everything is: the lanes of what is alive within some steps, and what happens there. */
export function layoutOf(records: Records, options: LayoutOptions): Picture {
  const { first = 1, keeps = null } = options;
  const last = Math.min(options.last ?? records.at.length, records.at.length);
  const isSeen = (taking: Taking): boolean => isWithin(taking, first, last);
  const kept = records.connections.filter(
    (connection) =>
      isSeen(connectionTaking(connection)) && (keeps === null || keeps(connection.id)),
  );
  const connections: Places = new Map(kept.map(({ place }, at) => [place, at]));
  const held = records.streams.filter((link) => isSeen(link) && connections.has(link.connection));
  // An owner that dangles may have ended long before: it is there all the same, without a lane.
  const named = sessionsNamed(kept, held, isSeen);
  const present = records.sessions.filter(
    (session) => named.has(session.place) || (keeps === null && isSeen(sessionTaking(session))),
  );
  const sessions: Places = new Map(present.map(({ place }, at) => [place, at]));

  const lanes = new Lanes();
  const takings = present.map(sessionTaking).filter(isSeen);
  const sessionCrowds = crowdsOf(
    takings,
    ({ session }) => ({ target: null, thread: session.thread }),
    [null],
  );
  const sessionLane = lanes.add('sessions', sessionCrowds);
  const laneOf = new Map(takings.map((taking) => [taking.session.place, sessionLane.get(taking)]));
  const stays = kept.flatMap(({ place, stays: all }) =>
    all.filter(isSeen).map((stay): Sought => ({ ...stay, place })),
  );
  stays.sort((one, other) => one.from - other.from || one.place - other.place);
  const targets = [...new Set(records.connections.map(({ target }) => target))];
  const connectionCrowds = crowdsOf(
    stays,
    ({ place, thread }) => ({ target: records.connections[place]?.target ?? '', thread }),
    targets,
  );
  const stayLane = lanes.add('connections', connectionCrowds);
  const staysOf = new Map<number, Stay[]>(kept.map(({ place }) => [place, []]));
  for (const stay of stays) {
    const { place, ...rest } = stay;
    staysOf.get(place)?.push({ lane: stayLane.get(stay) ?? 0, ...rest });
  }
  const at = records.at.slice(first - 1, last);
  return {
    first,
    last,
    at: at.some((time) => time !== null) ? at : null,
    lanes: lanes.count,
    groups: lanes.groups,
    sessions: present.map((session) =>
      sessionLife(session, laneOf.get(session.place) ?? null, first),
    ),
    connections: kept.map((record) =>
      connectionLife(record, staysOf.get(record.place) ?? [], sessions, isSeen),
    ),
    streams: held.map((link) => ({
      ...link,
      connection: connections.get(link.connection) ?? 0,
      session: link.session === null ? null : (sessions.get(link.session) ?? null),
    })),
    marks: records.marks
      .filter(({ step }) => step >= first && step <= last)
      .map((mark) => placedMark(mark, connections, sessions)),
  };
}
