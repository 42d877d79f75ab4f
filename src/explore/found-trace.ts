import { fittingTitle, type Header, TRACE_FORMAT, type TraceEvent } from '../format/index.ts';
import { Replay, statedEvents } from '../replay/index.ts';
import type { FileResult, StepResult } from '../replay/result.ts';
import { formatProblem, formatTrace, readTrace } from '../trace/index.ts';

/** A trace replayed, step by step. */
export interface ReplayedTrace {
  readonly header: Header;
  readonly steps: readonly StepResult[];
  readonly result: FileResult;
}

/** What a found trace says about itself. */
export interface About {
  readonly title: string;
  readonly rules: string;
  readonly config: NonNullable<Header['config']>;
  readonly source: NonNullable<Header['source']>;
}

/** The text of a trace that nobody has recorded: what the rules do becomes what it expects. */
export function statedTrace(about: About, events: readonly TraceEvent[]): string {
  const title = fittingTitle(about.title);
  const header: Header = { trace: TRACE_FORMAT, ...about, title };
  return formatTrace(header, statedEvents(header, events));
}

/**
 * Replays the text of a trace, with everything that a report can tell of each step.
 *
 * @param path what the trace is called in the report
 * @throws Error when the text is no valid trace
 */
export function replayText(path: string, text: string, explain: boolean): ReplayedTrace {
  const { header, events, problems } = readTrace(path, text);
  const [problem] = problems;
  if (problem) throw new Error(`not a valid trace: ${formatProblem(problem)}`);
  if (header === null) throw new Error('a trace without a header');
  const steps: StepResult[] = [];
  const replay = new Replay(
    path,
    { record: 'changes', explain, findings: true },
    { start: () => undefined, step: (step) => steps.push(step) },
  );
  replay.header(header, 1);
  for (const { event, line } of events) replay.event(event, line);
  return { header, steps, result: replay.end() };
}
