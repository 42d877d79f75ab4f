import type { Mark, Picture, Segment } from '../../picture/picture.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { idText } from '../text/value.ts';
import { Numbers } from './names.ts';
import type { PackedMark, PackedPicture } from './told.ts';

/** Gives names their numbers. */
export type NameNumber = (name: string) => number;

/** Numbers as differences from one to the next. */
export function differences(numbers: Iterable<number>): number[] {
  let last = 0;
  const all: number[] = [];
  for (const number of numbers) {
    all.push(number - last);
    last = number;
  }
  return all;
}

interface Time {
  readonly from: number;
  readonly to: number | null;
}

const fromOf = ({ from }: Time): number => from;
const lengthOf = ({ from, to }: Time): number => (to === null ? 0 : to - from);
const placed = (place: number | null): number => place ?? -1;

/** In a few words what a mark stands for. */
function saysOf(mark: Mark): string {
  switch (mark.kind) {
    case 'divergence':
    case 'follower':
      return escapeControl(mark.field);
    case 'finding':
      return mark.on.id === ''
        ? mark.invariant
        : `${mark.invariant} of ${mark.on.kind} ${idText(mark.on.id)}`;
    case 'crash':
    case 'abort':
      return `in ${escapeControl(mark.fn)}`;
    case 'impossible':
      return 'the event cannot happen';
    case 'takeover':
      return `${idText(mark.on.id)}, from thread ${mark.fromThread} by thread ${mark.toThread}`;
    case 'parting':
      return escapeControl(mark.cause);
  }
}

function packedMark(mark: Mark): PackedMark {
  const { kind, step } = mark;
  const place = 'on' in mark ? mark.on.place : null;
  return {
    kind,
    step,
    says: saysOf(mark),
    ...('on' in mark && mark.on.kind === 'conn' && place !== null ? { conn: place } : {}),
    ...('on' in mark && mark.on.kind === 'sess' && place !== null ? { sess: place } : {}),
    ...(mark.kind === 'finding' && mark.stated ? { stated: true } : {}),
  };
}

/** A picture in columns, which are small once they are compressed. */
export function packPicture(picture: Picture, nameOf: NameNumber): PackedPicture {
  const { sessions, connections, streams } = picture;
  const named = (name: string | null): number => (name === null ? -1 : nameOf(idText(name)));
  const looks = new Numbers<PackedPicture['looks'][number]>((look) => JSON.stringify(look));
  const lookOf = ({ state, dangles, flags, list }: Segment): number =>
    looks.of({ state, dangles, flags, list });
  const idle = sessions.flatMap(({ idleConns }) => idleConns);
  const stays = connections.flatMap((each) => each.stays);
  const segments = connections.flatMap((each) => each.segments);
  return {
    last: picture.last,
    lanes: picture.lanes,
    groups: picture.groups.map((group) => ({ ...group, target: named(group.target) })),
    sessions: {
      id: sessions.map(({ id }) => named(id)),
      frontend: sessions.map(({ frontend }) => named(frontend)),
      thread: sessions.map(({ thread }) => thread),
      lane: sessions.map(({ lane }) => placed(lane)),
      from: differences(sessions.map(fromOf)),
      length: sessions.map(lengthOf),
      idleCount: sessions.map(({ idleConns }) => idleConns.length),
      idleStep: differences(idle.map(([step]) => step)),
      idleConns: idle.map(([, conns]) => conns),
    },
    connections: {
      id: connections.map(({ id }) => named(id)),
      target: connections.map(({ target }) => named(target)),
      from: differences(connections.map(fromOf)),
      length: connections.map(lengthOf),
      stayCount: connections.map((each) => each.stays.length),
      segmentCount: connections.map((each) => each.segments.length),
    },
    stays: {
      lane: stays.map(({ lane }) => lane),
      thread: stays.map(({ thread }) => thread),
      from: differences(stays.map(fromOf)),
      length: stays.map(lengthOf),
    },
    segments: {
      from: differences(segments.map(fromOf)),
      length: segments.map(lengthOf),
      look: segments.map(lookOf),
      owner: segments.map(({ owner }) => placed(owner)),
      lister: segments.map(({ lister }) => placed(lister)),
    },
    looks: looks.all,
    streams: {
      id: streams.map(({ id }) => named(id)),
      connection: streams.map(({ connection }) => connection),
      session: streams.map(({ session }) => placed(session)),
      from: differences(streams.map(fromOf)),
      orphaned: streams.map(({ from, orphaned }) => (orphaned === null ? 0 : orphaned - from)),
      length: streams.map(lengthOf),
    },
    marks: picture.marks.map(packedMark),
  };
}
