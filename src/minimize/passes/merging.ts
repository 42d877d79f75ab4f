import type { TraceEvent } from '../../format/index.ts';
import type { NameKind } from '../names/name-kind.ts';
import { namesIn, renameEvent } from '../names/rename.ts';
import { PAIRS_MAX } from './removal.ts';
import type { Pass, Search } from './search.ts';
import { sidestep } from './sidestep.ts';

const KINDS: readonly NameKind[] = ['sess', 'strm', 'conn', 'fe', 'be', 'srv'];

/** Where there are few events, puts one session, stream, … in the place of another. */
export function* mergeNames(search: Search): Pass {
  for (const kind of KINDS) {
    if (search.removable.length > PAIRS_MAX) return;
    yield* mergeKind(search, kind);
    if (kind === 'sess' || kind === 'strm') yield* mergeSingly(search, kind);
  }
}

/** The names of a kind, in the order in which they appear. */
function namesOf({ current }: Search, kind: NameKind): string[] {
  const names = current.events.flatMap(namesIn).filter(([each]) => each === kind);
  return [...new Set(names.map(([, name]) => name))];
}

function* mergeKind(search: Search, kind: NameKind): Pass {
  for (const from of namesOf(search, kind)) {
    for (const to of namesOf(search, kind)) {
      if (from === to) continue;
      const merged = search.current.events.map((event) =>
        renameEvent(event, (each, name) => (each === kind && name === from ? to : name)),
      );
      const isGone = search.improve({ events: kind === 'sess' ? onceEach(merged) : merged });
      yield;
      if (isGone) break;
    }
  }
}

/** Of sessions that became one, the first beginning and the last end. */
function onceEach(events: readonly TraceEvent[]): TraceEvent[] {
  const begun = new Set<string>();
  const lastEnd = new Map<string, TraceEvent>();
  for (const event of events) if (event.event === 'session_free') lastEnd.set(event.sess, event);
  return events.filter((event) => {
    if (event.event === 'session_free') return lastEnd.get(event.sess) === event;
    if (event.event !== 'session_new') return true;
    if (begun.has(event.sess)) return false;
    begun.add(event.sess);
    return true;
  });
}

/** Lets another session or stream do what one event does. */
function* mergeSingly(search: Search, kind: 'sess' | 'strm'): Pass {
  for (let at = 0; at < search.removable.length; at++) {
    for (const to of namesOf(search, kind)) {
      const event = search.current.events[at];
      if (event === undefined) break;
      if (namesIn(event).every(([each, name]) => each !== kind || name === to)) continue;
      const changed = renameEvent(event, (each, name) => (each === kind ? to : name));
      yield* sidestep(search, search.current.events.with(at, changed));
    }
  }
}
