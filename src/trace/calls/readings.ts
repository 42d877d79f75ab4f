import { CALLS, type CallName, type CallShape } from '../../format/calls.ts';

/** A text read as a call: which words are its arguments, and which its result. */
export interface CallReading {
  readonly fn: CallName;
  readonly shape: CallShape;
  /** As many as the function takes. */
  readonly args: readonly string[];
  readonly result: string | null;
}

const SEPARATOR = ', ';
const RESULT = ') = ';

/** More commas or results than this in one call are not told apart. */
const MAX_PIECES = 24;

/**
 * All ways in which a text can be read as a call of the usual spelling. There is one, unless ids
 * have commas or parentheses in them: then whoever knows the ids knows which one is meant.
 */
export function readingsOf(text: string): readonly CallReading[] {
  const open = text.indexOf('(');
  const fn = text.slice(0, open);
  if (open === -1 || !isCallName(fn)) return [];
  const shape: CallShape = CALLS[fn];
  return endsOf(text).flatMap(([end, result]) =>
    argumentsOf(text.slice(open + 1, end), shape.takes.length).map((args) => ({
      fn,
      shape,
      args,
      result,
    })),
  );
}

/** Whether a trace counts calls of a function of this name. */
export function isCallName(name: string): name is CallName {
  return Object.hasOwn(CALLS, name);
}

/** Where the arguments can end, and what is then given back. */
function endsOf(text: string): (readonly [end: number, result: string | null])[] {
  const ends: [number, string | null][] = [];
  let at = text.indexOf(RESULT);
  for (; at !== -1 && ends.length < MAX_PIECES; at = text.indexOf(RESULT, at + 1)) {
    ends.push([at, text.slice(at + RESULT.length)]);
  }
  if (text.endsWith(')')) ends.push([text.length - 1, null]);
  return ends;
}

/** All ways to read a text as so many arguments. */
function argumentsOf(text: string, count: number): (readonly string[])[] {
  if (count === 0) return text === '' ? [[]] : [];
  if (text === '') return [];
  const pieces = text.split(SEPARATOR, MAX_PIECES + 1);
  return pieces.length > MAX_PIECES ? [] : grouped(pieces, count);
}

/** All ways to join neighbours so that so many groups are left. */
function grouped(pieces: readonly string[], count: number): (readonly string[])[] {
  if (count === 1) return [[pieces.join(SEPARATOR)]];
  const all: (readonly string[])[] = [];
  for (let first = 1; first <= pieces.length - count + 1; first++) {
    const head = pieces.slice(0, first).join(SEPARATOR);
    for (const rest of grouped(pieces.slice(first), count - 1)) all.push([head, ...rest]);
  }
  return all;
}
