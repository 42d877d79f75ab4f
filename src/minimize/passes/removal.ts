import type { TraceEvent } from '../../format/index.ts';
import { fewest, reduce, reducePairs } from './delta.ts';
import type { Pass, Search } from './search.ts';

/** Up to this many events, every selection of them is tried. */
export const EVERY_SELECTION_MAX = 12;
/** Up to this many events, pairs are removed, and sessions, streams and so on are merged. */
export const PAIRS_MAX = 40;

/** Removes sessions, each with everything that its streams do. */
export function removeSessions(search: Search): Pass {
  return removeGroups(search, (event) => ('sess' in event ? event.sess : null));
}

/** Removes streams, each with everything that it does. */
export function removeStreams(search: Search): Pass {
  return removeGroups(search, (event) => ('strm' in event ? event.strm : null));
}

/** Removes events that belong together, told by the name of their group. */
function* removeGroups(search: Search, groupOf: (event: TraceEvent) => string | null): Pass {
  const groups = (): string[] => {
    const names = search.removable.map(groupOf).filter((name) => name !== null);
    return [...new Set(names)];
  };
  yield* reduce(groups(), (names) => {
    const kept = new Set(names);
    const events = search.removable.filter((event) => {
      const group = groupOf(event);
      return group === null || kept.has(group);
    });
    return search.keepOnly(events) ? groups() : null;
  });
}

/** Removes events until none can go without losing what the trace shows. */
export function* removeEvents(search: Search): Pass {
  yield* reduce(search.removable, (events) => attempt(search, events));
}

/** Where there are few events, also removes those that can only go together. */
export function* removeTogether(search: Search): Pass {
  const { removable } = search;
  if (removable.length <= EVERY_SELECTION_MAX) {
    yield* fewest(removable, (events) => attempt(search, events));
  } else if (removable.length <= PAIRS_MAX) {
    yield* reducePairs(removable, (events) => attempt(search, events));
  }
}

function attempt(search: Search, events: readonly TraceEvent[]): readonly TraceEvent[] | null {
  return search.keepOnly(events) ? search.removable : null;
}
