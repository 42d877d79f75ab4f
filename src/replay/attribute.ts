import type { Decision } from '../engine/objects/step-log.ts';
import type { World } from '../engine/objects/world.ts';
import type { Difference } from './compare.ts';
import { deciderOf } from './decisions.ts';
import type { Decider } from './result.ts';

/** The last part of a field's place: `owner` of `conn.c1.owner`, `conn` of `conn.c1`. */
function part({ subject, field }: Difference): string {
  const whole = `${subject.kind}.${subject.id}`;
  if (field === whole) return subject.kind;
  return field.startsWith(`${whole}.`) ? field.slice(whole.length + 1) : field;
}

/** The decision taken last before the first call that is not as expected. */
function beforeFirstWrongCall(w: World, difference: Difference): Decision | undefined {
  const { expected, actual } = difference;
  if (!Array.isArray(expected) || !Array.isArray(actual)) return undefined;
  const wrong = actual.findIndex((text, at) => text !== expected[at]);
  const taken = wrong === -1 ? w.log.decisionCount : (w.log.calls[wrong]?.decisionsBefore ?? 0);
  return w.log.decision(Math.max(taken, 1) - 1);
}

/**
 * The decision of the step that made a field what it is: the last one about the same object that
 * can decide that field, else the last one about any object that can, else the last one about
 * the object, else the last one of the step.
 */
export function decidedBy(w: World, difference: Difference): Decider | null {
  const decision =
    difference.field === 'calls'
      ? beforeFirstWrongCall(w, difference)
      : lastDecision(w, difference);
  return decision ? deciderOf(w, decision) : null;
}

function lastDecision(w: World, difference: Difference): Decision | undefined {
  const wanted = part(difference);
  const { kind, id } = difference.subject;
  const isSubject = ({ subject, operands }: Decision): boolean =>
    [subject, ...operands].some(
      (o) => typeof o === 'object' && o !== null && o.kind === kind && o.id === id,
    );
  const decides = (decision: Decision): boolean => decision.rule.decides.includes(wanted);
  const all = w.log.decisions();
  return (
    all.findLast((d) => isSubject(d) && decides(d)) ??
    all.findLast(decides) ??
    all.findLast(isSubject) ??
    all.at(-1)
  );
}
