import { sentenceOf } from '../engine/objects/rule.ts';
import type { Decision, Entity, Operand } from '../engine/objects/step-log.ts';
import type { World } from '../engine/objects/world.ts';
import { type End, isEnd, type Outcome } from '../engine/step/step.ts';
import { decisionText } from '../engine/view/observe.ts';
import type { Side } from './result.ts';

/** The side of a world that has decided nothing where the other one has. */
export const NO_SIDE: Side = {
  rule: 'none',
  fn: null,
  file: null,
  says: 'nothing of the kind is decided',
  means: 'nothing of the kind is decided',
};

/** Stands for the rule of a side for which the step cannot be. */
export const IMPOSSIBLE = 'impossible';

/** The side of a world in which the event cannot happen: the event bears the name of its function. */
export function impossibleSide(event: string, reason: string): Side {
  return { rule: IMPOSSIBLE, fn: event, file: null, says: reason, means: reason };
}

/** One decision of a step, or the end of the program that ended it, as it is laid beside the other world's. */
export interface Taken {
  /** Equal in both worlds when the same rule decided on the same thing. */
  readonly key: string;
  /** Its place in the step, from 0. */
  readonly at: number;
  /** HAProxy's function. */
  readonly fn: string;
  /** Null for the end of the program. */
  readonly decision: Decision | null;
  /** Which end it is; null for a decision. */
  readonly end: End | null;
  /** The connections, sessions and servers that were looked at, the subject first. */
  readonly objects: readonly Entity[];
}

function isEntity(operand: Operand): operand is Entity {
  return typeof operand === 'object' && operand !== null;
}

function keyOf({ rule, subject }: Decision): string {
  return `${rule.id} ${isEntity(subject) ? `${subject.kind} ${subject.id}` : subject}`;
}

/** What a world has decided in its last step, in order; the end of the program comes last. */
export function takenIn(w: World, outcome: Outcome): Taken[] {
  const taken = w.log.decisions().map(
    (decision, at): Taken => ({
      key: keyOf(decision),
      at,
      fn: decision.rule.fn,
      decision,
      end: null,
      objects: [decision.subject, ...decision.operands].filter(isEntity),
    }),
  );
  if (isEnd(outcome)) {
    const { kind, fn } = outcome;
    const end = { fn, decision: null, end: outcome, objects: [] };
    taken.push({ key: `${kind} ${fn}`, at: taken.length, ...end });
  }
  return taken;
}

/** Whether a side is where the modelled program ended. */
export function isEndOf(taken: Taken | null): boolean {
  return taken !== null && taken.decision === null;
}

/** A decision in words. To be asked for before the next step. */
export function sideOf(w: World, taken: Taken | null): Side {
  if (taken === null) return NO_SIDE;
  const { fn, decision, end } = taken;
  if (decision === null) {
    const says =
      end?.kind === 'abort'
        ? `${fn} aborts: ${end.condition}`
        : `${fn} crashes: the modelled memory is not valid`;
    return { rule: `${end?.kind ?? 'crash'} in ${fn}`, fn, file: null, says, means: says };
  }
  const { rule } = decision;
  return {
    rule: rule.id,
    fn,
    file: rule.file,
    says: decisionText(w, decision),
    means: sentenceOf(rule),
  };
}
