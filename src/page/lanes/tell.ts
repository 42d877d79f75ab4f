import type { Band, Subject } from '../data/band.ts';
import type { Trace } from '../data/trace.ts';
import { count, short } from '../dom.ts';
import { STATES } from './looks.ts';

/** Streams that are named; how many more there are is told. */
const STREAMS_MAX = 6;

/** The ids of the streams that hold a connection after a step. */
export function streamsAt(trace: Trace, band: Band, connection: number, step: number): string[] {
  const { from, to, id } = band.streams;
  return [...band.streamsOf(connection)]
    .filter((strm) => (from[strm] ?? 0) <= step && step < (to[strm] ?? 0))
    .map((strm) => trace.name(id[strm]));
}

/** How many connections a session counts as idle after a step. */
export function idleConnsAt(band: Band, session: number, step: number): number {
  const { idleStart, idleStep, idleConns } = band.sessions;
  let value = 0;
  for (let at = idleStart[session] ?? 0; at < (idleStart[session + 1] ?? 0); at++) {
    if ((idleStep[at] ?? 0) <= step) value = idleConns[at] ?? 0;
  }
  return value;
}

/** Connections that a session owns or lists after a step, by their places. */
export function ownedBy(band: Band, session: number, step: number): number[] {
  const { from, to } = band.segments;
  const owned: number[] = [];
  for (let conn = 0; conn < band.connections.id.length; conn++) {
    const first = band.connections.segmentStart[conn] ?? 0;
    if ((from[first] ?? 0) > step) break;
    const segment = band.segmentAt(conn, step);
    if (segment === -1 || (to[segment] ?? 0) <= step) continue;
    const look = band.looks[band.segments.look[segment] ?? 0];
    if (look?.state !== 'freed' && band.isOf(segment, session)) owned.push(conn);
  }
  return owned;
}

/** In one line what an object is after a step: `c7, in use, owned by s1, streams t1`. */
export function describeAt(trace: Trace, subject: Subject, step: number): string {
  const band = trace.bands[subject.band];
  if (band === undefined) return '';
  const id = short(trace.idOf(subject), 60);
  if (subject.kind === 'sess') {
    return `session ${id}, idle_conns ${idleConnsAt(band, subject.place, step)}`;
  }
  const segment = band.segmentAt(subject.place, step);
  const look = band.looks[band.segments.look[segment] ?? -1];
  if (segment === -1 || look === undefined) return `connection ${id}, not there`;
  const name = (place: number | undefined): string =>
    short(trace.name(band.sessions.id[place ?? -1]), 60);
  const owner = band.segments.owner[segment] ?? -1;
  const lister = band.segments.lister[segment] ?? -1;
  const streams = streamsAt(trace, band, subject.place, step);
  const shown = streams.slice(0, STREAMS_MAX).map((strm) => short(strm, 30));
  const more = streams.length - shown.length;
  const parts = [
    `connection ${id}`,
    STATES[look.state].says,
    owner === -1 ? 'no owner' : `owner ${name(owner)}${look.dangles ? ', which is freed' : ''}`,
    ...(lister === -1 ? [] : [`listed by ${name(lister)}`]),
    ...(look.list === null ? [] : [`list ${look.list}`]),
    ...look.flags,
    ...(streams.length === 0 ? [] : [`streams ${shown.join(' ')}`]),
    ...(more > 0 ? [`and ${count(more, 'stream')} more`] : []),
  ];
  return parts.join(', ');
}
