import {
  type Breach,
  type Broken,
  bitsOf,
  breachesOf,
  INVARIANTS,
  type InvariantBits,
  promisedUnder,
  takeBroken,
} from '../engine/invariants/index.ts';
import type { World } from '../engine/objects/world.ts';
import type { RuleSet } from '../engine/rule-sets/index.ts';
import { type End, isEnd, type Outcome } from '../engine/step/step.ts';
import {
  type Expect,
  type InvariantName,
  NO_END,
  type Severity,
  type TraceEvent,
} from '../format/index.ts';
import type { Difference } from './compare.ts';
import { about } from './involved.ts';
import type { BySeverity, Finding } from './result.ts';

const NO_BREACHES: readonly Breach[] = [];

/** Does the event's expectation name the invariant? */
function isStated({ expect }: TraceEvent, { invariant }: Breach): boolean {
  return (expect as Expect | undefined)?.broken?.includes(invariant.name) ?? false;
}

/** What the end of a program is told to be, and from where that is known. */
function endWords(end: End): Pick<Finding, 'says' | 'source'> {
  return end.kind === 'crash'
    ? {
        says: `${end.fn} uses memory that is not valid any more, or spins for ever`,
        source: 'the C that is modelled: nothing is defined after it',
      }
    : {
        says: `${end.fn} ends the program by an assertion of its own: ${end.condition}`,
        source: 'the C that is modelled: it goes no further',
      };
}

/** An end of the program that the trace does not speak of, as it states nothing of its step; else null. */
export function endFinding(event: TraceEvent, outcome: Outcome): Finding | null {
  if (!isEnd(outcome) || event.expect !== undefined) return null;
  return {
    invariant: NO_END[outcome.kind],
    severity: 'crash',
    subject: about({ kind: 'event', id: '' }, event),
    ...endWords(outcome),
    stated: false,
  };
}

/** A finding as a report tells it. To be asked for before the next step. */
export function tellFinding(event: TraceEvent, breach: Breach, rules: RuleSet): Finding {
  const { invariant, subject, says } = breach;
  return {
    invariant: invariant.name,
    severity: invariant.severity,
    subject: { kind: subject.kind, id: subject.id },
    says: says(rules),
    source: invariant.source,
    stated: isStated(event, breach),
  };
}

/** Names in the order in which the invariants are listed, each once. */
function inOrder(names: ReadonlySet<InvariantName>): InvariantName[] {
  return INVARIANTS.map(({ name }) => name).filter((name) => names.has(name));
}

/**
 * Whether a finding is about what a step has done, which `broken` states exactly. An impossible
 * input is about the step itself: it need not be stated where other promises are.
 */
export function isOutcome(name: InvariantName): boolean {
  return name !== 'impossible-input';
}

/** The invariants that some findings are about, each once, in the order of the list. */
export function brokenNames(findings: readonly Breach[]): InvariantName[] {
  return inOrder(new Set(findings.map(({ invariant }) => invariant.name)));
}

/** No finding of any severity. */
export const NONE_BY_SEVERITY: BySeverity = { crash: 0, broken: 0, hint: 0 };

function count(broken: readonly Broken[]): number {
  let count = 0;
  for (const { bits } of broken) {
    // Takes the lowest bit off at a time.
    for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  }
  return count;
}

/** How many invariants a step has broken that its event does not state as `broken`. */
export function countUnstated(event: TraceEvent, broken: readonly Broken[]): number {
  const isSilent = (event.expect as Expect | undefined)?.broken === undefined;
  return isSilent ? count(broken) : unstatedOf(event, broken).length;
}

/** What a step has broken that its event does not state as `broken`. */
export function unstatedOf(event: TraceEvent, broken: readonly Broken[]): readonly Breach[] {
  return broken.length === 0
    ? NO_BREACHES
    : breachesOf(broken).filter((breach) => !isStated(event, breach));
}

/** Watches the invariants while a trace is replayed, and counts what is found. */
export class InvariantWatch {
  readonly #promised: ReadonlySet<InvariantName>;
  readonly #selected: ReadonlySet<InvariantName> | null;
  readonly #watched: InvariantBits;
  #findings = 0;
  readonly #unstated: Record<Severity, number> = { ...NONE_BY_SEVERITY };

  /**
   * @param rules the rule set that judges
   * @param names which invariants to watch; undefined: those that the rule set promises
   */
  constructor(rules: RuleSet, names: readonly InvariantName[] | undefined) {
    this.#promised = new Set(promisedUnder(rules));
    this.#selected = names === undefined ? null : new Set(names);
    this.#watched = bitsOf(this.#selected ?? this.#promised);
  }

  /** Findings so far. */
  get findings(): number {
    return this.#findings;
  }

  /** Of these, the ones whose step does not state them as `broken`, by severity. */
  get unstated(): BySeverity {
    return { ...this.#unstated };
  }

  /** Takes note of an end that the trace does not speak of. */
  end(): void {
    this.#findings++;
    this.#unstated.crash++;
  }

  /**
   * What the step that was just done has broken, of what is watched. To be asked after each such
   * step.
   */
  take(w: World): readonly Broken[] {
    const all = takeBroken(w);
    if (all.length === 0) return all;
    return all
      .map((each) => ({ ...each, bits: each.bits & this.#watched[each.subject.kind] }))
      .filter(({ bits }) => bits !== 0);
  }

  /** Counts what a step has broken, and what of it its event does not state. */
  count(broken: readonly Broken[], unstated: readonly Breach[]): void {
    this.#findings += count(broken);
    for (const { invariant } of unstated) this.#unstated[invariant.severity]++;
  }

  /**
   * How the `broken` that an event expects differs from what its step broke, or null. Invariants
   * that nobody selected are left out on both sides, what the rule set does not promise is never
   * broken.
   */
  difference(event: TraceEvent, broken: readonly Broken[]): Difference | null {
    const stated = (event.expect as Expect | undefined)?.broken;
    if (stated === undefined) return null;
    const findings = breachesOf(broken);
    const selected = this.#selected;
    const expected = inOrder(new Set(stated)).filter((name) => selected?.has(name) ?? true);
    const actual = brokenNames(findings).filter(
      (name) => this.#promised.has(name) && (isOutcome(name) || expected.includes(name)),
    );
    if (expected.join() === actual.join()) return null;
    return { subject: { kind: 'event', id: '' }, field: 'broken', expected, actual };
  }
}
