import { promisedUnder } from '../../engine/invariants/index.ts';
import {
  NO_ABORT,
  NO_CRASH,
  NO_LEAK,
  type Property,
} from '../../engine/invariants/property-names.ts';
import { endSite } from '../../engine/step/crash-site.ts';
import { isEnd } from '../../engine/step/step.ts';
import type { InvariantName, NamedCall } from '../../format/index.ts';
import { InvariantWatch } from '../../replay/findings.ts';
import { keepsAffinities } from './affinities.ts';
import {
  brokenGoal,
  differenceAt,
  divergenceGoal,
  endGoal,
  firstBrokenGoal,
  firstOf,
  type Goal,
  impossibleGoal,
  leakGoal,
  type ShownDifference,
} from './goal.ts';
import { maskReason } from './mask.ts';
import type { Recorded } from './recording.ts';
import type { EndSignature } from './signature.ts';
import type { Habit } from './stream-habits.ts';
import type { Taken } from './taken.ts';
import { habitsOf, tryOut } from './trial.ts';

/**
 * What a trace shows: the property that is asked for, if it is broken; else the first difference
 * from what the trace expects; else its crash or abort; else the first promise of the rule set that it
 * breaks. Null when there is nothing.
 */
export function goalOf(recorded: Recorded, property: Property | null): Goal | null {
  const goal = shownBy(recorded, property);
  if (goal === null) return null;
  const { rules, start } = recorded;
  const habits: ReadonlySet<Habit> = habitsOf(rules, start);
  const counted = countedIn(recorded);
  return { ...goal, keepsAffinities: keepsAffinities(start.events), counted, habits };
}

/** The calls that a trace declares to count. */
function countedIn({ header }: Pick<Recorded, 'header'>): ReadonlySet<NamedCall> {
  return new Set(header.calls);
}

function shownBy(recorded: Recorded, property: Property | null): Goal | null {
  const { rules, start, first } = recorded;
  if (property === NO_CRASH) return firstEnd(recorded, 'crash');
  if (property === NO_ABORT) return firstEnd(recorded, 'abort');
  if (property !== null) {
    const goal = property === NO_LEAK ? leakGoal(rules) : brokenGoal(rules, property);
    return tryOut(goal, start) === null ? null : goal;
  }
  if (first !== null) return first === 'field' ? fieldGoal(recorded) : cannotGoal(recorded);
  return firstEnd(recorded, null) ?? firstBroken(recorded);
}

/** Stays impossible for the same reason. */
function cannotGoal({ header, rules, start }: Recorded): Goal {
  const event = start.events.at(-1)?.event ?? '';
  let reason = '';
  const isImpossible = (taken: Taken): boolean => {
    if (taken.outcome.kind !== 'impossible') return false;
    reason = maskReason(taken.world, taken.event, taken.outcome.reason);
    return true;
  };
  look({ header, rules, start }, isImpossible, true);
  return impossibleGoal(rules, event, reason);
}

/** Goes on to differ in the same. */
function fieldGoal({ header, rules, start }: Recorded): Goal {
  const watch = new InvariantWatch(rules, undefined);
  let shown: ShownDifference | null = null;
  const differs = (taken: Taken): boolean => {
    const difference = differenceAt(taken, watch);
    // Other claims of the event are tried out later, which differ in something else or nothing.
    shown ??= difference;
    return difference !== null;
  };
  look({ header, rules, start }, differs, true);
  if (shown === null) throw new Error('a trace does not show again how it differs');
  return divergenceGoal(rules, shown, watch);
}

/** @param kind which end is looked for; null: either */
function firstEnd(
  { header, rules, start }: Recorded,
  kind: EndSignature['kind'] | null,
): Goal | null {
  let first: EndSignature | null = null;
  look({ header, rules, start }, ({ world, outcome }) => {
    if (isEnd(outcome) && (kind ?? outcome.kind) === outcome.kind) {
      first = { kind: outcome.kind, site: endSite(world, outcome) };
    }
    return first !== null;
  });
  return first === null ? null : endGoal(rules, first);
}

function firstBroken({ header, rules, start }: Recorded): Goal | null {
  const promised = promisedUnder(rules);
  let first: InvariantName | null = null;
  look({ header, rules, start }, ({ broken }) => {
    first = firstOf(broken, promised);
    return first !== null;
  });
  return first === null ? null : firstBrokenGoal(rules, first);
}

/** Takes a trace's steps until one is what is looked for. */
function look(
  { header, rules, start }: Pick<Recorded, 'header' | 'rules' | 'start'>,
  shows: (taken: Taken) => boolean,
  pinned = false,
): void {
  // What it is called is found out on the way.
  const counted = countedIn({ header });
  tryOut({ signature: { kind: 'crash', site: '' }, rules, pinned, counted, shows }, start);
}
