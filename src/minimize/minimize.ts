import type { Property } from '../engine/invariants/property-names.ts';
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
 * @returns null when the trace shows nothing that could be kept
 */
export function* minimize(
  recorded: Recorded,
  property: Property | null,
): Generator<void, Minimized | null> {
  const goal = goalOf(recorded, property);
  if (goal === null) return null;
  const search = yield* searched(goal, recorded);
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

/** Makes every pass again and again, until none finds anything. */
function* searched(goal: Goal, { start }: Recorded): Generator<void, Search> {
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
