import type { TraceEvent } from '../../format/index.ts';
import type { Search } from './search.ts';

/**
 * Takes other events if they are fewer or simpler; or if that is so once one more is removed from
 * them: the way to a shorter trace may lead through one that is as long.
 *
 * @returns whether the search has come to something smaller
 */
export function* sidestep(search: Search, events: readonly TraceEvent[]): Generator<void, boolean> {
  const other = search.probe({ events });
  yield;
  if (other === null) return false;
  if (search.take(other)) return true;
  const removable = search.goal.pinned ? other.events.length - 1 : other.events.length;
  for (let at = 0; at < removable; at++) {
    const isSmaller = search.improve({ events: other.events.toSpliced(at, 1) });
    yield;
    if (isSmaller) return true;
  }
  return false;
}
