import { allRules, type Rule } from '../engine/index.ts';
import type { StepDecision } from '../replay/index.ts';

const RULES: ReadonlyMap<string, Rule> = new Map(allRules().map((rule) => [rule.id, rule]));

function isConn(operand: StepDecision['operands'][number] | undefined, id: string): boolean {
  return (
    typeof operand === 'object' && operand !== null && operand.kind === 'conn' && operand.id === id
  );
}

/** Whether a decision has written a part of a connection. */
function wrote({ rule, operands }: StepDecision, id: string, part: string): boolean {
  const decides = RULES.get(rule)?.decides ?? [];
  return decides.some(({ part: each, of, leads }) => {
    if (each !== part || leads) return false;
    if (of === null) return operands.some((operand) => isConn(operand, id));
    return of === 'all' || isConn(operands[of], id);
  });
}

/**
 * The decisions of a step that wrote parts of a connection, each once, in their order.
 *
 * @param parts names as in PARTS, e.g. `owner`, `list`, `PRIVATE`
 */
export function writersOf(
  decisions: readonly StepDecision[],
  id: string,
  parts: readonly string[],
): StepDecision[] {
  const found = new Set(
    parts.map((part) => decisions.findLastIndex((decision) => wrote(decision, id, part))),
  );
  return decisions.filter((_, at) => found.has(at));
}

/** The decisions of a search by which a connection was looked at and not taken. */
export function rejectionsOf(decisions: readonly StepDecision[], id: string): StepDecision[] {
  return decisions.filter(
    ({ rule, operands }) => RULES.get(rule)?.role === 'passes-over' && isConn(operands[0], id),
  );
}
