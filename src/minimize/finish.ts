import { fittingTitle, type Header, TRACE_FORMAT } from '../format/index.ts';
import { statedEvents } from '../replay/index.ts';
import { formatTrace } from '../trace/index.ts';
import type { Candidate } from './goal/candidate.ts';
import type { Goal } from './goal/goal.ts';
import type { Recorded } from './goal/recording.ts';
import { signatureTitle } from './goal/signature.ts';

const KIND = 'minimized';

/** The text of a minimised trace, with a title, where it comes from, and what it expects. */
export function traceText(goal: Goal, { config, events }: Candidate, recorded: Recorded): string {
  const header: Header = {
    trace: TRACE_FORMAT,
    title: fittingTitle(signatureTitle(goal.signature)),
    rules: goal.rules.id,
    ...(recorded.header.calls === undefined ? {} : { calls: recorded.header.calls }),
    config,
    source: sourceOf(recorded),
  };
  return formatTrace(header, goal.pinned ? events : statedEvents(header, events));
}

/** Where the trace comes from. Of one that was minimised before, what it was minimised from. */
function sourceOf({ header: { source }, events }: Recorded): NonNullable<Header['source']> {
  if (source?.kind === KIND) return source;
  return { kind: KIND, events, ...(source && { from: source }) };
}
