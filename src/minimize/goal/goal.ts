import { type Broken, breachesOf, promisedUnder } from '../../engine/invariants/index.ts';
import { leavesLeak } from '../../engine/invariants/leak.ts';
import type { RuleSet } from '../../engine/rule-sets/index.ts';
import { endSite } from '../../engine/step/crash-site.ts';
import { isEnd } from '../../engine/step/step.ts';
import type { InvariantName, NamedCall } from '../../format/index.ts';
import { compare, type Difference } from '../../replay/compare.ts';
import type { InvariantWatch } from '../../replay/findings.ts';
import { reasonOf } from '../../replay/reason/decided-by.ts';
import type { Candidate } from './candidate.ts';
import { maskReason } from './mask.ts';
import { pairByRoles } from './roles.ts';
import type { EndSignature, Signature } from './signature.ts';
import type { Habit } from './stream-habits.ts';
import type { Taken } from './taken.ts';

/** What a candidate has to show. */
export interface Goal {
  readonly signature: Signature;
  readonly rules: RuleSet;
  /** Only the last event can show it, and stays what it is; otherwise any event. */
  readonly pinned: boolean;
  /** Streams keep to their session, sessions to their thread; unless the trace does not, either. */
  readonly keepsAffinities?: boolean;
  /** Calls that the trace declares to count besides those that always do. */
  readonly counted?: ReadonlySet<NamedCall>;
  /** What its streams may do; anything unless stated. */
  readonly habits?: ReadonlySet<Habit>;
  /** What a candidate that shows it has to be besides; anything unless stated. */
  accepts?(candidate: Candidate): boolean;
  /** Whether a step shows the signature. */
  shows(taken: Taken): boolean;
  /** Whether a step that does not makes it pointless to look at later ones. */
  spoils?(taken: Taken): boolean;
}

/** Crashes, or aborts, at the same site. */
export function endGoal(rules: RuleSet, signature: EndSignature): Goal {
  const shows = ({ world, outcome }: Taken): boolean =>
    isEnd(outcome) && outcome.kind === signature.kind && endSite(world, outcome) === signature.site;
  return { signature, rules, pinned: false, shows };
}

/** Leaves a connection that nothing finds any more. */
export function leakGoal(rules: RuleSet): Goal {
  const shows = ({ world, outcome }: Taken): boolean =>
    outcome.kind === 'done' && leavesLeak(world);
  return { signature: { kind: 'leak' }, rules, pinned: false, shows };
}

/** Breaks the same invariant, whatever else it breaks, and whether or not that is promised. */
export function brokenGoal(rules: RuleSet, name: InvariantName): Goal {
  const signature = { kind: 'broken', invariant: name } as const;
  const shows = ({ broken }: Taken): boolean =>
    breachesOf(broken).some(({ invariant }) => invariant.name === name);
  return { signature, rules, pinned: false, shows };
}

/** Breaks the same promise of the rule set before any other one. */
export function firstBrokenGoal(rules: RuleSet, name: InvariantName): Goal {
  const promised = promisedUnder(rules);
  const shows = ({ broken }: Taken): boolean => firstOf(broken, promised) === name;
  const spoils = ({ broken }: Taken): boolean => firstOf(broken, promised) !== null;
  return { ...brokenGoal(rules, name), shows, spoils };
}

/** Of what is broken, the invariant that stands first in a list; null when none is in it. */
export function firstOf(
  broken: readonly Broken[],
  names: readonly InvariantName[],
): InvariantName | null {
  if (broken.length === 0) return null;
  const found = new Set(breachesOf(broken).map(({ invariant }) => invariant.name));
  return names.find((name) => found.has(name)) ?? null;
}

/** Cannot take the last event, for the same reason. */
export function impossibleGoal(rules: RuleSet, event: string, reason: string): Goal {
  const signature = { kind: 'impossible', event, reason } as const;
  const shows = (taken: Taken): boolean =>
    taken.outcome.kind === 'impossible' &&
    taken.event.event === event &&
    maskReason(taken.world, taken.event, taken.outcome.reason) === reason;
  return { signature, rules, pinned: true, shows };
}

/** The difference that a trace shows at its last event. */
export interface ShownDifference {
  /** With `*` for an id. */
  readonly field: string;
  /** Id of the rule that decided it, or null. */
  readonly rule: string | null;
  /** What is expected and what came of it, by roles. */
  readonly pair: string;
}

/** How a step differs from what its event expects or claims; null where it does not. */
export function differenceAt(taken: Taken, watch: InvariantWatch): ShownDifference | null {
  const { world, event, outcome, broken } = taken;
  if (outcome.kind === 'impossible') return null;
  const first = compare(world, event, outcome)[0] ?? watch.difference(event, broken);
  if (first === null) return null;
  const rule = reasonOf(world, event, first)?.decision.rule.id ?? null;
  return { field: maskField(first), rule, pair: pairByRoles(taken, first) };
}

/**
 * Differs in the same field of what the last event expects or claims, by the same two values but
 * for names, decided by the same rule.
 */
export function divergenceGoal(
  rules: RuleSet,
  { field, rule, pair }: ShownDifference,
  watch: InvariantWatch,
): Goal {
  const signature = { kind: 'divergence', field, rule } as const;
  const shows = (taken: Taken): boolean => {
    const other = differenceAt(taken, watch);
    return other?.field === field && other.rule === rule && other.pair === pair;
  };
  return { signature, rules, pinned: true, shows };
}

/** A field's place with `*` for the id in it. */
function maskField({ subject, field }: Pick<Difference, 'subject' | 'field'>): string {
  const whole = `${subject.kind}.${subject.id}`;
  if (field !== whole && !field.startsWith(`${whole}.`)) return field;
  return `${subject.kind}.*${field.slice(whole.length)}`;
}
