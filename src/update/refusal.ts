import type { StepResult } from '../replay/result.ts';

/** Why a trace should be looked at instead of rewritten. */
export interface Refusal {
  readonly line: number;
  readonly what: string;
}

/**
 * What a step did that no expectation should be made of, or null: the program ended and the trace
 * does not state that, it cannot have happened at all, or its stream got another connection than the
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
  const { crash, abort } = outcome;
  const end = unstatedEnd('crashes', crash ?? undefined, event.expect?.crash);
  const what = end ?? unstatedEnd('aborts', abort, event.expect?.abort);
  if (what !== null) return { line, what: `step ${number} ${what}` };
  const claim = divergences.find(
    ({ subject, field }) => subject.kind === 'event' && field === 'conn',
  );
  if (claim === undefined) return null;
  const claimed = `its input "conn" says ${String(claim.expected)}`;
  return { line, what: `step ${number} gets ${String(claim.actual)}, but ${claimed}` };
}

/** An end in a function that is not the one that is stated, in words; else null. */
function unstatedEnd(
  verb: string,
  fn: string | undefined,
  stated: string | undefined,
): string | null {
  if (fn === undefined || fn === stated) return null;
  const instead = stated === undefined ? 'which it does not state' : `not in ${stated}`;
  return `${verb} in ${fn}, ${instead}`;
}
