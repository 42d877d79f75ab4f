import { freedIdOf, NULL } from '../../format/calls.ts';

/** What a call can name. */
export type NamedKind = 'sess' | 'conn' | 'srv';

/** The names that a call may use at its place of the trace. */
export interface CallNames {
  /** Whether there is, or was, such an object. */
  has(kind: NamedKind, id: string): boolean;
}

/** Whether a word of a call names something that an argument of this kind can be. */
export function isNamed(names: CallNames, kind: NamedKind, word: string): boolean {
  if (names.has(kind, word)) return true;
  if (kind === 'conn') return false;
  if (word === NULL) return true;
  const gone = kind === 'sess' ? freedIdOf(word) : null;
  return gone !== null && names.has('sess', gone);
}
