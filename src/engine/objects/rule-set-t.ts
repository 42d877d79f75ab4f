import type { Choices } from '../rule-sets/choices/index.ts';
import type { Mechanisms } from './mechanism-t.ts';

/** A commit of HAProxy. */
export interface Commit {
  /** Abbreviated. */
  readonly id: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
}

/** What a rule set is called. */
export interface RuleSetName {
  /** Abbreviated commit or release, the name of the rule set in traces and on the command line. */
  readonly id: string;
  /** Commit date, `YYYY-MM-DD`. */
  readonly date: string;
  /** Release that the commit leads to. */
  readonly release: string;
  /** What the rule set is known for, in our words. */
  readonly title: string;
}

/**
 * The rules of HAProxy at one commit, as the engine works with them: what is chosen, and an
 * implementation of each mechanism. All rule sets have the same shape, resolved once when they are
 * declared; the chain that they come from is only for those who tell about it.
 */
export interface RuleSet extends RuleSetName, Choices, Mechanisms {
  /** The rule set that this one was made from; null: it is the oldest. */
  readonly parent: RuleSet | null;
  /** What its mechanisms keep of objects that others do not, by the names that it is told by. */
  readonly keeps: ReadonlySet<string>;
  /** The commits that this rule set changed a choice or a mechanism by, by its name. */
  readonly changes: ReadonlyMap<string, readonly Commit[]>;
}
