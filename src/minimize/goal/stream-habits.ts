import type { World } from '../../engine/objects/world.ts';
import type { TraceEvent } from '../../format/index.ts';

/**
 * What a stream does that no stream of most traces does: a trace where none does it has to stay
 * like that when it gets smaller, or it shows what its program never did.
 */
export type Habit =
  /** It looks for a server while it holds a connection. */
  | 'assigns-attached'
  /** It connects once more after it has left a connection. */
  | 'comes-back'
  /** It connects once more while what it left has not ended. */
  | 'comes-back-blocked'
  /** It says what cannot be, such as a challenge over a connection that waits for its handshake. */
  | 'impossible-input';

/** Looks at the streams of a trace, event by event. */
export class StreamHabits {
  /** Streams that have left a connection. */
  readonly #left = new Set<string>();

  /** What is out of the ordinary about an event; to be asked before its step is taken. */
  of(event: TraceEvent, world: World): Habit | null {
    if (!('strm' in event)) return null;
    const { strm } = event;
    switch (event.event) {
      case 'assign_server':
        return world.streams.has(strm) ? 'assigns-attached' : null;
      case 'detach':
        if (world.streams.has(strm)) this.#left.add(strm);
        return null;
      case 'connect_server':
      case 'tcpcheck_eval_connect':
      case 'check_connect':
        if (!this.#left.has(strm)) return null;
        return world.orphans.has(strm) ? 'comes-back-blocked' : 'comes-back';
      default:
        return null;
    }
  }
}
