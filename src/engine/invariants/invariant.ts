import type { InvariantName, Severity } from '../../format/index.ts';
import type { Entity } from '../objects/step-log.ts';
import type { RuleSet } from '../rule-sets/index.ts';

/** What must hold of an object between two steps. */
export interface Invariant {
  readonly name: InvariantName;
  /** In one sentence, what must hold. */
  readonly says: string;
  /**
   * Where it comes from: the predicate of the reference semantics (`V6`), the promise of a commit,
   * the bug of the history (`B8`) that made it known.
   */
  readonly source: string;
  /** How bad it is to break it. */
  readonly severity: Severity;
  /**
   * It is about what a trace tells and leaves out: no search looks for it, as a search tells all.
   */
  readonly isAside?: boolean;
  /** The oldest rule set that promises it; null: it is expected of every one. */
  readonly since: RuleSet | null;
  /** The oldest later rule set that promises it no more. */
  readonly until?: RuleSet;
}

/** An invariant of one kind of object. Its predicate stands below the table that it is in. */
export interface InvariantOf<Thing extends Entity> extends Invariant {
  /** Stands for it where an object remembers what it breaks. */
  readonly bit: number;
  /** What is wrong with an object that breaks it under a rule set. */
  readonly tells: (thing: Thing, rules: RuleSet) => string;
}
