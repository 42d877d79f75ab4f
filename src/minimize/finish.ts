import type { Header, TraceEvent } from '../format/index.ts';
import { TRACE_FORMAT } from '../format/index.ts';
import { Replay } from '../replay/index.ts';
import type { StepResult } from '../replay/result.ts';
import { formatTrace } from '../trace/index.ts';
import type { Candidate } from './candidate.ts';
import type { Goal } from './goal.ts';
import type { Recorded } from './recording.ts';
import { signatureTitle } from './signature.ts';

const KIND = 'minimized';

/** The text of a minimised trace, with a title, where it comes from, and what it expects. */
export function traceText(goal: Goal, { config, events }: Candidate, recorded: Recorded): string {
  const header: Header = {
    trace: TRACE_FORMAT,
    title: signatureTitle(goal.signature),
    rules: goal.rules.id,
    config,
    source: sourceOf(recorded),
  };
  return formatTrace(header, goal.pinned ? events : stateAll(header, events));
}

/** Where the trace comes from. Of one that was minimised before, what it was minimised from. */
function sourceOf({ header: { source }, events }: Recorded): NonNullable<Header['source']> {
  if (source?.kind === KIND) return source;
  return { kind: KIND, events, ...(source && { from: source }) };
}

/** States everything that is known of each step, as an update does. */
function stateAll(header: Header, events: readonly TraceEvent[]): TraceEvent[] {
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
