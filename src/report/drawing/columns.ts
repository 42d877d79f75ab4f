import type { Group, Picture } from '../../picture/picture.ts';
import { MORE } from './glyphs.ts';

/** Columns of a lane: how it is, whose it is, and a blank. */
const LANE_COLUMNS = 3;
/** Blanks before a group that is not the first. */
const GROUP_GAP = 1;
/** Sessions get a third of what there is at most, where not all lanes fit. */
const SESSIONS_SHARE = 1 / 3;

/** Where lanes are on a line of text, and how many have no place of their own. */
export interface Columns {
  /** The column of each lane that has one, by lane. */
  readonly placeOf: ReadonlyMap<number, number>;
  /** Groups of which a lane has a column, from left to right. */
  readonly groups: readonly Group[];
  /** Where the others of each kind are counted; null: all of them have a column. */
  readonly folded: Readonly<Record<Group['kind'], { readonly column: number } | null>>;
  /** Columns of all of it, a blank at the end included; 0 without a lane. */
  readonly width: number;
}

type Kind = Group['kind'];

const KINDS: readonly Kind[] = ['sessions', 'connections'];

function countOf(groups: readonly Group[], kind: Kind): number {
  return groups.reduce((all, group) => all + (group.kind === kind ? group.count : 0), 0);
}

/** How much happens on each lane within the steps that are shown. */
function activityOf(picture: Picture): number[] {
  const { first, last, lanes, connections, sessions, streams, marks } = picture;
  const activity = Array.from({ length: lanes }, () => 0);
  const isShown = (step: number): boolean => step >= first && step <= last;
  const add = (lane: number | null | undefined): void => {
    if (lane != null) activity[lane] = (activity[lane] ?? 0) + 1;
  };
  for (const { stays, segments } of connections) {
    let at = 0;
    for (const { from } of segments) {
      while ((stays[at + 1]?.from ?? Number.POSITIVE_INFINITY) <= from) at++;
      if (isShown(from)) add(stays[at]?.lane);
    }
  }
  for (const { session, from } of streams) {
    if (session !== null && isShown(from)) add(sessions[session]?.lane);
  }
  for (const mark of marks) {
    if (!('on' in mark) || mark.on.place === null) continue;
    const { kind, place } = mark.on;
    if (kind === 'sess') add(sessions[place]?.lane);
    if (kind === 'conn') add(connections[place]?.stays.at(-1)?.lane);
  }
  return activity;
}

/** Columns of a number of lanes that are counted. */
function countColumns(count: number): number {
  return count === 0 ? 0 : MORE.length + String(count).length + 1;
}

/** The busiest lanes of a kind, as many as some columns hold, and what they take of these. */
function busiest(
  groups: readonly Group[],
  activity: readonly number[],
  room: number,
): { readonly lanes: ReadonlySet<number>; readonly width: number } {
  const groupOf = new Map(
    groups.flatMap((group) =>
      Array.from({ length: group.count }, (_, at) => [group.first + at, group] as const),
    ),
  );
  const ranked = [...groupOf.keys()].sort(
    (one, other) => (activity[other] ?? 0) - (activity[one] ?? 0) || one - other,
  );
  const lanes = new Set<number>();
  const shown = new Set<Group>();
  let width = 0;
  for (const lane of ranked) {
    const group = groupOf.get(lane);
    if (group === undefined) continue;
    const needed = LANE_COLUMNS + (shown.has(group) ? 0 : GROUP_GAP);
    if (width + needed > room) continue;
    width += needed;
    lanes.add(lane);
    shown.add(group);
  }
  return { lanes, width };
}

/** The lanes that have a column of their own: all of them, or the busiest. */
function shownLanes(picture: Picture, room: number): ReadonlySet<number> {
  const { groups, lanes } = picture;
  const gaps = Math.max(0, groups.length - 1) * GROUP_GAP;
  if (LANE_COLUMNS * lanes + gaps <= room)
    return new Set(Array.from({ length: lanes }, (_, at) => at));
  const activity = activityOf(picture);
  const of = (kind: Kind): Group[] => groups.filter((group) => group.kind === kind);
  const counts = KINDS.map((kind) => countColumns(countOf(groups, kind)));
  const left = Math.max(0, room - counts.reduce((all, count) => all + count, 0));
  const least = busiest(of('sessions'), activity, left * SESSIONS_SHARE);
  const connections = busiest(of('connections'), activity, left - least.width);
  const sessions = busiest(of('sessions'), activity, left - connections.width);
  return new Set([...sessions.lanes, ...connections.lanes]);
}

/**
 * Puts lanes into the columns of a line, from left to right: all of them where they fit, else those
 * on which most happens; the others of either kind are counted behind the last one of their kind.
 *
 * @param room columns that there are
 */
export function columnsOf(picture: Picture, room: number): Columns {
  const lanes = shownLanes(picture, room);
  const placeOf = new Map<number, number>();
  const groups: Group[] = [];
  const folded: Record<Kind, { column: number } | null> = { sessions: null, connections: null };
  let width = 0;
  for (const kind of KINDS) {
    let others = 0;
    for (const group of picture.groups) {
      if (group.kind !== kind) continue;
      const shown = Array.from({ length: group.count }, (_, at) => group.first + at).filter(
        (lane) => lanes.has(lane),
      );
      others += group.count - shown.length;
      if (shown.length === 0) continue;
      if (groups.length > 0) width += GROUP_GAP;
      groups.push(group);
      for (const lane of shown) {
        placeOf.set(lane, width);
        width += LANE_COLUMNS;
      }
    }
    if (others === 0) continue;
    folded[kind] = { column: width };
    width += countColumns(others);
  }
  return { placeOf, groups, folded, width };
}

/** The column of the first lane of a group that has one. */
export function startOf({ first, count }: Group, { placeOf }: Columns): number {
  for (let lane = first; lane < first + count; lane++) {
    const column = placeOf.get(lane);
    if (column !== undefined) return column;
  }
  return 0;
}
