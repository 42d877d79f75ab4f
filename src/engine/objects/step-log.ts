import type { CallName } from '../../format/index.ts';
import type { Connection } from './connection-t.ts';
import type { Rule } from './rule.ts';
import type { Server, Target } from './server-t.ts';
import type { Session } from './session-t.ts';

/** An object whose state an expectation can state. */
export type Entity = Connection | Session | Server;

/** A subject or an operand of a decision. */
export type Operand = Entity | string | number | boolean | null;

/** One call of an ownership function, written down at its entry. */
export interface Call {
  readonly fn: CallName;
  /** First argument where the function takes a session. */
  readonly sess: Session | null;
  /** The session was freed already when the call was made. */
  readonly sessFreed: boolean;
  readonly conn: Connection | null;
  /** The server, or the target where that may be a backend. */
  readonly srv: Target | null;
  readonly isSafe: number;
  /** Decisions that had been taken in the step before this call. */
  readonly decisionsBefore: number;
  /** Undefined until the function returns, and for one that returns nothing. */
  ret: number | Connection | null | undefined;
}

/** One decision: a rule, what it was about, and what it looked at. */
export interface Decision {
  readonly rule: Rule;
  readonly subject: Operand;
  readonly operands: readonly Operand[];
}

/** An input of the event that cannot be in the real program, as things stand. */
export interface Oddity {
  readonly subject: Entity;
  /** Why not, and what has to happen before; `{0}` stands for the subject. */
  readonly says: string;
}

const NO_ODDITIES: readonly Oddity[] = [];

/**
 * What the running step did: the calls, the decisions that led to them, and the objects touched.
 * Decisions are kept in flat arrays that are reused, so that taking notes costs next to nothing.
 */
export class StepLog {
  calls: Call[] = [];
  touched: Entity[] = [];
  odd: readonly Oddity[] = NO_ODDITIES;
  #rules: Rule[] = [];
  #subjects: Operand[] = [];
  #firsts: (Operand | undefined)[] = [];
  #seconds: (Operand | undefined)[] = [];
  #thirds: (Operand | undefined)[] = [];
  #fourths: (Operand | undefined)[] = [];
  #count = 0;

  /** Forgets the last step. */
  clear(): void {
    this.calls = [];
    this.touched = [];
    this.odd = NO_ODDITIES;
    this.#count = 0;
  }

  /** Notes an input that cannot be. */
  oddity(subject: Entity, says: string): void {
    this.odd = [...this.odd, { subject, says }];
  }

  /** How many decisions the step has taken so far. */
  get decisionCount(): number {
    return this.#count;
  }

  /**
   * Notes a decision about `subject`, with up to four operands that it looked at. Allocates
   * nothing: an object is noted itself, its name is asked for when somebody reads the decision.
   */
  decide(
    rule: Rule,
    subject: Operand,
    first?: Operand,
    second?: Operand,
    third?: Operand,
    fourth?: Operand,
  ): void {
    const at = this.#count++;
    this.#rules[at] = rule;
    this.#subjects[at] = subject;
    this.#firsts[at] = first;
    this.#seconds[at] = second;
    this.#thirds[at] = third;
    this.#fourths[at] = fourth;
  }

  /** Calls back with the rule of each decision of the step, in order. */
  eachRule(see: (rule: Rule) => void): void {
    for (let at = 0; at < this.#count; at++) {
      const rule = this.#rules[at];
      if (rule) see(rule);
    }
  }

  /** The decision at a position, in the order in which they were taken. */
  decision(at: number): Decision | undefined {
    const rule = at < this.#count ? this.#rules[at] : undefined;
    if (!rule) return undefined;
    const operands: Operand[] = [];
    for (const column of [this.#firsts, this.#seconds, this.#thirds, this.#fourths]) {
      const operand = column[at];
      if (operand === undefined) break;
      operands.push(operand);
    }
    return { rule, subject: this.#subjects[at] ?? null, operands };
  }

  /** All decisions of the step, in order. */
  decisions(): Decision[] {
    const all: Decision[] = [];
    for (let at = 0; at < this.#count; at++) {
      const decision = this.decision(at);
      if (decision) all.push(decision);
    }
    return all;
  }
}
