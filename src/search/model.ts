/**
 * What the search explores: states that are packed into words of 32 bits, and actions that lead
 * from one to the next. The search knows nothing else of it.
 *
 * A model must be deterministic: the same words opened again offer the same actions, in the same
 * order, with the same outcomes. Two states are one exactly when their words are the same.
 */
export interface Model {
  /** Where `initial` and `take` leave the state that they made, from the first word on. */
  readonly words: Uint32Array;
  /** What the last `take` brought to light, by the names of properties; mostly nothing. */
  readonly findings: readonly string[];
  /** Makes the first state; returns its length in words. */
  initial(): number;
  /**
   * Opens a state to take actions from.
   *
   * @returns how many actions it offers
   */
  open(words: Uint32Array, at: number, length: number): number;
  /**
   * Takes one action from the open state, which stays open.
   *
   * @returns the length of the next state in words; `END` when there is none, because the run ends
   * with the action; `DISABLED` when the action cannot be taken or leads out of the bounds of the
   * model: it then counts for nothing, and has no findings
   */
  take(action: number): number;
}

/** Nothing follows an action. */
export const END = 0;
/** An action is no action. */
export const DISABLED = -1;
/** Bits in which the length of a stored state stands; the action that led there takes the rest. */
export const LENGTH_BITS = 10;
/** Longest state in words. */
export const WORDS_MAX = (1 << LENGTH_BITS) - 1;
/** Most actions that a state may offer. */
export const ACTIONS_MAX = (1 << (32 - LENGTH_BITS)) - 1;

/** An action, and the length of the state that it leads to, in one word. */
export function linkOf(action: number, length: number): number {
  if (action > ACTIONS_MAX) throw new RangeError(`a state offers more than ${ACTIONS_MAX} actions`);
  if (length > WORDS_MAX) throw new RangeError(`a state takes ${length} words`);
  return ((action << LENGTH_BITS) | length) >>> 0;
}

/** The action of a link. */
export function actionOf(link: number): number {
  return link >>> LENGTH_BITS;
}

/** The length of a link, in words. */
export function lengthOf(link: number): number {
  return link & WORDS_MAX;
}
