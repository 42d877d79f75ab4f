import { type Band, isSameSubject, type Subject } from '../data/band.ts';
import type { Trace } from '../data/trace.ts';
import { type Child, count, h, long, number } from '../dom.ts';
import { STATES } from '../lanes/looks.ts';
import { idleConnsAt, ownedBy, streamsAt } from '../lanes/tell.ts';
import type { Ways } from './pieces.ts';

/** Objects that are named; how many more there are is told. */
const NAMED_MAX = 20;

function objectButton(trace: Trace, subject: Subject, { toSubject }: Ways): HTMLElement {
  const id = trace.idOf(subject);
  return h(
    'button',
    { type: 'button', class: 'object', onclick: () => toSubject(subject) },
    id.length > 40 ? `${id.slice(0, 39)}…` : id,
  );
}

function item(name: string, ...value: Child[]): Child[] {
  return [h('dt', {}, name), h('dd', {}, ...value)];
}

function life(from: number, to: number, open: number, { toStep }: Ways): Child[] {
  const link = (step: number): Child => h('a', { href: toStep(step) }, `step ${number(step)}`);
  return item(
    'lives',
    'from ',
    link(from),
    to >= open ? ' to the end of the trace' : [' to ', link(to)],
  );
}

function sessionItems(
  trace: Trace,
  band: Band,
  subject: Subject,
  step: number,
  ways: Ways,
): Child[] {
  const { place } = subject;
  const { sessions } = band;
  const owned = ownedBy(band, place, step);
  const named = owned.slice(0, NAMED_MAX);
  const frontend = trace.name(sessions.frontend[place]);
  return [
    ...(frontend === '' ? [] : item('frontend', long(frontend, 60))),
    ...item('idle_conns', String(idleConnsAt(band, place, step))),
    ...item(
      'owns or lists',
      named.length === 0
        ? 'no connection'
        : named.flatMap((conn) => [
            objectButton(trace, { band: subject.band, kind: 'conn', place: conn }, ways),
            ' ',
          ]),
      owned.length > named.length && `and ${count(owned.length - named.length, 'connection')} more`,
    ),
    ...life(sessions.from[place] ?? 0, (sessions.to[place] ?? 0) - 1, band.open - 1, ways),
  ];
}

function connectionItems(
  trace: Trace,
  band: Band,
  subject: Subject,
  step: number,
  ways: Ways,
): Child[] {
  const { place } = subject;
  const { connections, segments } = band;
  const segment = band.segmentAt(place, step);
  const look = band.looks[segments.look[segment] ?? -1];
  const session = (at: number): Child => {
    const other: Subject = { band: subject.band, kind: 'sess', place: at };
    return isSameSubject(other, subject) ? null : objectButton(trace, other, ways);
  };
  const owner = segments.owner[segment] ?? -1;
  const lister = segments.lister[segment] ?? -1;
  const streams = streamsAt(trace, band, place, step);
  const state: Child[] =
    segment === -1 || look === undefined
      ? item('at this step', 'not there')
      : [
          ...item('at this step', STATES[look.state].says),
          ...item(
            'owner',
            owner === -1 ? 'none' : session(owner),
            look.dangles && h('strong', { class: 'bad' }, ' freed: the pointer dangles'),
          ),
          ...(lister === -1 ? [] : item('listed by', session(lister))),
          ...(look.list === null ? [] : item('list', look.list)),
          ...(look.flags.length === 0 ? [] : item('flags', look.flags.join(' '))),
          ...item(
            'streams',
            streams.length === 0 ? 'none' : long(streams.slice(0, NAMED_MAX).join(' '), 200),
            streams.length > NAMED_MAX &&
              ` and ${count(streams.length - NAMED_MAX, 'stream')} more`,
          ),
        ];
  return [
    ...item('goes to', long(trace.name(connections.target[place]), 60)),
    ...state,
    ...life(connections.from[place] ?? 0, connections.to[place] ?? 0, band.open, ways),
  ];
}

/** What is known of the chosen lane at the chosen step. */
export function laneDetails(
  trace: Trace,
  subject: Subject,
  step: number,
  ways: Ways,
): HTMLElement | null {
  const band = trace.bands[subject.band];
  if (band === undefined) return null;
  const what = subject.kind === 'conn' ? 'Connection' : 'Session';
  const under = trace.bands.length > 1 ? ` under ${trace.rulesOf(subject.band)}` : '';
  const items = subject.kind === 'conn' ? connectionItems : sessionItems;
  return h(
    'section',
    { class: 'chosen' },
    h('h2', {}, `${what} `, h('code', {}, long(trace.idOf(subject), 80)), under),
    h('dl', { class: 'facts' }, items(trace, band, subject, step, ways)),
  );
}
