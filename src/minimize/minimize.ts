import type { Property } from '../engine/invariants/property-names.ts';
import { isRefusal, type Refusal, realise } from '../export/course/realise.ts';
import { formatProblem, readTrace } from '../trace/index.ts';
import { traceText } from './finish.ts';
import type { Candidate } from './goal/candidate.ts';
import { goalOf } from './goal/choice.ts';
import type { Goal } from './goal/goal.ts';
import type { Recorded } from './goal/recording.ts';
import type { Signature } from './goal/signature.ts';
import { renameAll } from './passes/canonical.ts';
import { mergeNames } from './passes/merging.ts';
import {
  EVERY_SELECTION_MAX,
  PAIRS_MAX,
  removeEvents,
  removeSessions,
  removeStreams,
  removeTogether,
} from './passes/removal.ts';
import { moveEvents } from './passes/reorder.ts';
import { Search } from './passes/search.ts';
import { simplifyInputs } from './passes/simplify.ts';
import { simplifyConfig } from './passes/simplify-config.ts';

/** How much is known of a result's size: that nothing of a kind can be removed. */
export type Guarantee =
  /** No selection of its events shows the same. */
  | 'selections'
  /** Nor when any one or any two of its events are removed. */
  | 'pairs'
  /** Nor when any one of its events is removed; for more it is too long. */
  | 'single';

/** What came of minimising a trace. */
export interface Minimized {
  readonly signature: Signature;
  /** How many events the trace had, and how many are left. */
  readonly from: number;
  readonly to: number;
  /** The smaller trace. */
  readonly text: string;
  readonly guarantee: Guarantee;
  /** How many candidates were tried. */
  readonly tried: number;
}

/**
 * Makes a trace as small as it gets while it shows the same. Yields after each candidate that was
 * tried, so that it can be stopped.
 *
 * @param exportable what is left has to be what a test script can make happen
 * @returns null when the trace shows nothing that could be kept
 * @throws NotExportable when nothing that shows the same can be exported
 */
export function* minimize(
  recorded: Recorded,
  property: Property | null,
  exportable = false,
): Generator<void, Minimized | null> {
  const goal = goalOf(recorded, property);
  if (goal === null) return null;
  const search = exportable
    ? yield* exported(goal, recorded)
    : yield* searched(goal, recorded.start);
  const text = traceText(goal, search.current, recorded);
  const wrong = readTrace('the smaller trace', text).problems[0];
  if (wrong !== undefined) throw new Error(formatProblem(wrong));
  return {
    signature: goal.signature,
    from: recorded.events,
    to: search.current.events.length,
    text,
    guarantee: guaranteeOf(search.removable.length),
    tried: search.tried,
  };
}

const PASSES = [
  removeSessions,
  removeStreams,
  removeEvents,
  removeTogether,
  mergeNames,
  moveEvents,
  simplifyInputs,
  simplifyConfig,
];

/** What no script can bring about is needed for what a trace shows. */
export class NotExportable extends Error {
  override readonly name = 'NotExportable';
}

function refusalOf({ rules }: Goal, { config, events }: Candidate): Refusal | null {
  const course = realise(
    config,
    events.map((event, at) => ({ event, line: at + 2 })),
    rules,
  );
  return isRefusal(course) ? course : null;
}

/**
 * What shows the same and can be exported: of a trace that can be, all on the way to it has to; of
 * another one, what is left when nothing more can be removed.
 */
function* exported(goal: Goal, { start }: Recorded): Generator<void, Search> {
  const accepts = (candidate: Candidate): boolean => refusalOf(goal, candidate) === null;
  if (accepts(start)) return yield* searched({ ...goal, accepts }, start);
  const search = yield* searched(goal, start);
  const refusal = refusalOf(goal, search.current);
  if (refusal === null) return search;
  const event = search.current.events[refusal.line - 2]?.event ?? 'the configuration';
  throw new NotExportable(`${event}: ${refusal.why}`);
}

/** Makes every pass again and again, until none finds anything. */
function* searched(goal: Goal, start: Candidate): Generator<void, Search> {
  const search = new Search(goal, start);
  if (!search.keepOnly(search.removable)) {
    throw new Error('a trace does not show again what it was seen to show');
  }
  for (let before: Candidate | null = null; before !== search.current; ) {
    before = search.current;
    for (const pass of PASSES) yield* pass(search);
  }
  // Last, as no pass looks at what things are called.
  yield* renameAll(search);
  return search;
}

function guaranteeOf(removable: number): Guarantee {
  if (removable <= EVERY_SELECTION_MAX) return 'selections';
  return removable <= PAIRS_MAX ? 'pairs' : 'single';
}
