import type { Header, TraceEvent } from '../format/index.ts';
import { Replay } from './replay.ts';
import type { StepResult } from './result.ts';

/**
 * The events of a trace with everything that is known of each step as its expectation, as
 * `--update=full` writes it: for traces that nobody has recorded.
 *
 * @param events without expectations, all of them possible
 * @throws Error when the header names no rule set
 */
export function statedEvents(header: Header, events: readonly TraceEvent[]): TraceEvent[] {
  const stated: TraceEvent[] = [];
  const replay = new Replay(
    '',
    { record: 'steps' },
    {
      start: () => {},
      step(step: StepResult) {
        // Every key that was observed is one that an expectation of this event can state.
        stated.push({ ...step.event, expect: replay.observed(step) } as TraceEvent);
      },
    },
  );
  const wrong = replay.header(header, 1);
  if (wrong !== null) throw new Error(wrong);
  for (const [at, event] of events.entries()) replay.event(event, at + 2);
  return stated;
}
