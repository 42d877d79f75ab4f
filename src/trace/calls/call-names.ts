import { CALLS, type CallShape, freedIdOf, isNamedCall, NULL } from '../../format/calls.ts';
import type { Header } from '../../format/index.ts';

/** What a call can name. */
export type NamedKind = 'sess' | 'conn' | 'srv' | 'target';

/** The functions that a trace counts, and how their calls are written. */
export type CountedCalls = ReadonlyMap<string, CallShape>;

const EVERY: CountedCalls = new Map(Object.entries(CALLS));
/** Those of a header that names none, as most do. */
const USUAL = countedWith([]);

function countedWith(named: readonly string[]): CountedCalls {
  const counts = (fn: string): boolean => !isNamedCall(fn) || named.includes(fn);
  return new Map([...EVERY].filter(([fn]) => counts(fn)));
}

/**
 * The functions that a trace counts by its header; without a header that can be relied on every one
 * passes.
 */
export function countedBy(header: Header | null): CountedCalls {
  if (header === null) return EVERY;
  return header.calls === undefined ? USUAL : countedWith(header.calls);
}

/** The names that a call may use at its place of the trace. */
export interface CallNames {
  readonly counted: CountedCalls;
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
