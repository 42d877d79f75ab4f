import type { Value } from '../result.ts';

const WORD = /[^\s(),=]+/g;

/** The words of a call; who asks tells those that name something from the others. */
export function wordsOf(call: string): string[] {
  return call.match(WORD) ?? [];
}

/** Texts of a value, and the words of those that are calls. */
function* textsIn(value: Value): Generator<string> {
  if (typeof value === 'string') {
    yield value;
    yield* wordsOf(value);
  } else if (Array.isArray(value)) {
    for (const each of value) yield* textsIn(each);
  } else if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) yield* textsIn(each as Value);
  }
}

/** The causes of what a value names, by a way to look a name up. */
export function namedCauses(value: Value, causeOf: (name: string) => number | null): Set<number> {
  const steps = new Set<number>();
  for (const name of textsIn(value)) {
    const step = causeOf(name);
    if (step !== null) steps.add(step);
  }
  return steps;
}

/** A list without the entries that name something; anything else as it is. */
export function without(value: Value, isNamed: (name: string) => boolean): Value {
  if (!Array.isArray(value)) return value;
  const kept = value.map((each) => (Array.isArray(each) ? without(each, isNamed) : each));
  return kept.filter((each) => {
    if (typeof each === 'string') return ![...textsIn(each)].some(isNamed);
    // An entry of a session goes with the last connection in it.
    return !(Array.isArray(each) && Array.isArray(each[1]) && each[1].length === 0);
  });
}
