import type { AbortFunction, CrashFunction, TraceEvent } from '../../format/index.ts';
import { Abort, Crash, Impossible } from '../objects/crash.ts';
import type { World } from '../objects/world.ts';
import { HANDLERS, type Returned } from './handlers.ts';

/** How a step ended. */
export type Outcome =
  | { readonly kind: 'done'; readonly returned: Returned }
  /** The modelled memory is invalid: nothing after this step is defined. */
  | { readonly kind: 'crash'; readonly fn: CrashFunction }
  /** An assertion of the modelled program does not hold: it ends here. */
  | { readonly kind: 'abort'; readonly fn: AbortFunction; readonly condition: string }
  /**
   * The event cannot have happened in this state; nothing was done. `isFault`: unless the state is
   * wrong, the trace is.
   */
  | { readonly kind: 'impossible'; readonly reason: string; readonly isFault: boolean };

/** The modelled program ended in the step. */
export type End = Extract<Outcome, { readonly kind: 'crash' | 'abort' }>;

/** Whether the modelled program ended, by a crash or by an assertion of its own. */
export function isEnd(outcome: Outcome): outcome is End {
  return outcome.kind === 'crash' || outcome.kind === 'abort';
}

const NOTHING: Returned = {};
const DONE: Outcome = { kind: 'done', returned: NOTHING };

/**
 * Takes one event: changes the world as the modelled function does and says how it ended. What
 * was called, decided and touched on the way is in `world.log` until the next step. Everything
 * that the modelled program does wrong is an outcome; an exception is a bug of the engine.
 */
export function step(w: World, event: TraceEvent): Outcome {
  w.begin(event);
  const handler = HANDLERS[event.event] as (w: World, event: TraceEvent) => Returned | undefined;
  try {
    if (w.thread >= w.nbthread) throw new Impossible(`there is no thread ${w.thread}`);
    const returned = handler(w, event);
    return returned ? { kind: 'done', returned } : DONE;
  } catch (thrown) {
    if (thrown instanceof Crash) return { kind: 'crash', fn: thrown.fn };
    if (thrown instanceof Abort) {
      return { kind: 'abort', fn: thrown.fn, condition: thrown.condition };
    }
    if (thrown instanceof Impossible) {
      return { kind: 'impossible', reason: thrown.reason, isFault: thrown.isFault };
    }
    throw thrown;
  }
}
