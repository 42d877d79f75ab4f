import type { StepResult } from '../replay/result.ts';

/** Why a trace should be looked at instead of rewritten. */
export interface Refusal {
  readonly line: number;
  readonly what: string;
}

/**
 * What a step did that no expectation should be made of, or null: it crashed and the trace does
 * not state that, it cannot have happened at all, or its stream got another connection than the
 * input `conn` says.
 */
export function refusalOf({
  number,
  line,
  event,
  outcome,
  divergences,
}: StepResult): Refusal | null {
  if (outcome.impossible !== null) {
    return { line, what: `step ${number} cannot have happened: ${outcome.impossible}` };
  }
  const stated = event.expect?.crash;
  if (outcome.crash !== null && outcome.crash !== stated) {
    const instead = stated === undefined ? 'which it does not state' : `not in ${stated}`;
    return { line, what: `step ${number} crashes in ${outcome.crash}, ${instead}` };
  }
  const claim = divergences.find(
    ({ subject, field }) => subject.kind === 'event' && field === 'conn',
  );
  if (claim === undefined) return null;
  const claimed = `its input "conn" says ${String(claim.expected)}`;
  return { line, what: `step ${number} gets ${String(claim.actual)}, but ${claimed}` };
}
