import type { Decision, Operand } from '../engine/objects/step-log.ts';
import type { World } from '../engine/objects/world.ts';
import { decisionText, NO_LIMIT } from '../engine/view/observe.ts';
import { isRead } from '../evidence/index.ts';
import type { Reason } from './reason/decided-by.ts';
import type { Candidate, Decider, DecisionOperand, Divergence, StepDecision } from './result.ts';

/** What a decision of the last step says, and who took it. */
function deciderOf(w: World, decision: Decision): Decider {
  const { fn, file, id } = decision.rule;
  return { fn, file, rule: id, says: decisionText(w, decision) };
}

/** Why a field is not as expected, as a divergence tells it. */
export function toldReason(
  w: World,
  reason: Reason | null,
): Pick<Divergence, 'decidedBy' | 'candidates'> {
  if (reason === null) return { decidedBy: null };
  const decidedBy = deciderOf(w, reason.decision);
  const candidates = reason.passedOver.flatMap((decision): Candidate[] => {
    const { subject } = decision;
    if (typeof subject !== 'object' || subject === null) return [];
    return [{ kind: subject.kind, id: subject.id, ...deciderOf(w, decision) }];
  });
  return candidates.length === 0 ? { decidedBy } : { decidedBy, candidates };
}

/** JSON has no number for what is not limited. */
function plain(operand: Operand): DecisionOperand {
  if (operand === Number.POSITIVE_INFINITY) return NO_LIMIT;
  if (typeof operand !== 'object' || operand === null) return operand;
  return { kind: operand.kind, id: operand.id };
}

/** Every decision of the last step, in the order in which they were taken. */
export function decisionsOf(w: World): StepDecision[] {
  return w.log.decisions().map(
    (decision): StepDecision => ({
      ...deciderOf(w, decision),
      operands: [decision.subject, ...decision.operands].map(plain),
      ...(isRead(decision.rule.id) ? { evidence: 'read' } : {}),
    }),
  );
}

/** Ids of the objects that the decisions looked at, changed or not. */
export function lookedAt(decisions: readonly StepDecision[]): string[] {
  const ids: string[] = [];
  for (const { operands } of decisions) {
    for (const operand of operands) {
      if (typeof operand === 'object' && operand !== null) ids.push(operand.id);
    }
  }
  return ids;
}
