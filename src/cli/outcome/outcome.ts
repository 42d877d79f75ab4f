/**
 * How a run ended. Later ones win over earlier ones: a run that could not judge everything does
 * not claim to know that the rest merely diverges.
 */
const OUTCOMES = [
  'agrees',
  'diverges',
  'nothing-selected',
  'not-judged',
  'not-updated',
  'unwritable-output',
  'usage-error',
  'internal-error',
  'interrupted',
  'terminated',
] as const;

/** The name of how a run ended. */
export type Outcome = (typeof OUTCOMES)[number];

/** The outcome of two parts together. */
export function worse(one: Outcome, other: Outcome): Outcome {
  return OUTCOMES.indexOf(one) < OUTCOMES.indexOf(other) ? other : one;
}

/**
 * 0: everything agrees. 1: something diverges. 2: something could not be judged. 130 and 143: ended
 * by Ctrl-C or SIGTERM, as shells report it: 128 and the number of the signal.
 */
export function exitCodeOf(outcome: Outcome): 0 | 1 | 2 | 130 | 143 {
  if (outcome === 'agrees') return 0;
  if (outcome === 'interrupted') return 130;
  if (outcome === 'terminated') return 143;
  return outcome === 'diverges' ? 1 : 2;
}
