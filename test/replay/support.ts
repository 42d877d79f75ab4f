import {
  type Config,
  type Header,
  type InvariantName,
  TRACE_FORMAT,
  type TraceEvent,
} from '../../src/format/index.ts';
import { type Recorded, Replay } from '../../src/replay/index.ts';
import type { Divergence, FileResult, StepResult } from '../../src/replay/result.ts';

export const PRE = '21ddc74e8';
export const POST = '08016ab82';

export interface Played {
  readonly steps: readonly StepResult[];
  readonly divergences: readonly Divergence[];
  readonly result: FileResult;
}

export interface Playing {
  readonly config?: Config;
  readonly header?: Partial<Header>;
  readonly record?: Recorded;
  /** Judges instead of the header's rule set. */
  readonly rules?: string;
  /** Invariants to watch, instead of those that the rule set promises. */
  readonly invariants?: readonly InvariantName[];
  /** Tells steps with findings whatever is recorded. */
  readonly findings?: boolean;
  readonly explain?: boolean;
  readonly coverage?: boolean;
  /** Whether the state becomes what the trace says; true unless stated. */
  readonly takesOver?: boolean;
}

/** One frontend, one backend with one server. */
const CONFIG: Config = { frontends: { fe: {} }, backends: { b: {} }, servers: { 'b/srv': {} } };

/** The same under http-reuse never; with H2, under always. */
export const NEVER: Config = { ...CONFIG, backends: { b: { 'http-reuse': 'never' } } };
export const SHARED: Config = {
  ...CONFIG,
  backends: { b: { 'http-reuse': 'always' } },
  servers: { 'b/srv': { proto: 'h2' } },
};

/** Replays events as if they stood in a file, the first one on line 2. */
export function play(events: readonly TraceEvent[], how: Playing = {}): Played {
  const steps: StepResult[] = [];
  const { rules, explain, coverage, invariants, findings, takesOver } = how;
  const replay = new Replay(
    'trace.jsonl',
    { record: how.record ?? 'changes', rules, explain, coverage, invariants, findings, takesOver },
    {
      start: () => undefined,
      // The state is taken when it is asked for: now.
      step: (step) => steps.push({ ...step, state: step.state }),
    },
  );
  const header: Header = { trace: TRACE_FORMAT, config: how.config ?? CONFIG, ...how.header };
  const wrong = replay.header(header, 1);
  if (wrong) throw new Error(wrong);
  events.forEach((event, at) => {
    replay.event(event, at + 2);
  });
  return { steps, divergences: steps.flatMap((s) => s.divergences), result: replay.end() };
}

/** What `expect` of the last event of these disagrees about: `[field, expected, actual]`. */
export function disagreements(events: readonly TraceEvent[], how: Playing = {}) {
  const { steps } = play(events, how);
  const last = steps.at(-1)?.divergences ?? [];
  return last.map(({ field, expected, actual }) => [field, expected, actual]);
}

export const session = (sess: string): TraceEvent => ({ event: 'session_new', sess, fe: 'fe' });
export const connect = (strm: string, conn: string, sess = 's1') =>
  ({ event: 'connect_server', strm, sess, target: 'b/srv', conn }) as const;
export const detach = (strm: string) => ({ event: 'detach', strm }) as const;
export const free = (sess: string) => ({ event: 'session_free', sess }) as const;
