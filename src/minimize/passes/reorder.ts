import { PAIRS_MAX } from './removal.ts';
import type { Pass, Search } from './search.ts';
import { sidestep } from './sidestep.ts';

/**
 * Where there are few events, moves one at a time to any other place, if the trace becomes shorter
 * by it: of what a recording did one after the other, some shows more side by side.
 */
export function* moveEvents(search: Search): Pass {
  if (search.removable.length > PAIRS_MAX) return;
  for (let from = 0; from < search.removable.length; from++) {
    for (let to = 0; to < search.removable.length; to++) {
      const { events } = search.current;
      const event = events[from];
      if (event === undefined || from === to) continue;
      yield* sidestep(search, events.toSpliced(from, 1).toSpliced(to, 0, event));
    }
  }
}
