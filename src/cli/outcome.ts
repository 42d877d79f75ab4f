/**
 * How a run ended. Later ones win over earlier ones: a run that could not judge everything does
 * not claim to know that the rest merely diverges.
 */
const OUTCOMES = [
  'agrees',
  'diverges',
  'nothing-selected',
  'not-judged',
  'unwritable-output',
  'usage-error',
  'internal-error',
] as const;

/** The name of how a run ended. */
export type Outcome = (typeof OUTCOMES)[number];

/** The outcome of two parts together. */
export function worse(one: Outcome, other: Outcome): Outcome {
  return OUTCOMES.indexOf(one) < OUTCOMES.indexOf(other) ? other : one;
}

/** 0: everything agrees. 1: something diverges. 2: something could not be judged. */
export function exitCodeOf(outcome: Outcome): 0 | 1 | 2 {
  if (outcome === 'agrees') return 0;
  return outcome === 'diverges' ? 1 : 2;
}
