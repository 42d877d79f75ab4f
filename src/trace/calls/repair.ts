import {
  CALLS,
  type CallName,
  type CallOperand,
  type CallShape,
  NULL,
} from '../../format/calls.ts';
import { jsonText } from '../text/escape.ts';
import { orList } from '../text/wording.ts';
import { isOperand, isResult } from './accept.ts';
import type { CallNames } from './call-names.ts';
import type { LooseCall } from './loose.ts';

/** What each kind of argument is, in words. */
export const NOUNS: Readonly<Record<CallOperand, string>> = {
  sess: 'a session',
  conn: 'a connection',
  srv: 'a server',
  target: 'a server or a backend',
  is_safe: 'is_safe',
};

const EXAMPLES: Readonly<Record<CallOperand, string>> = {
  sess: 's1',
  conn: 'c1',
  srv: 'b/srv',
  target: 'b/srv',
  is_safe: '0',
};

/** `2 arguments (a session, a connection)`. */
export function takesText(takes: readonly CallOperand[]): string {
  if (takes.length === 0) return 'no arguments';
  const count = takes.length === 1 ? '1 argument' : `${takes.length} arguments`;
  return `${count} (${takes.map((kind) => NOUNS[kind]).join(', ')})`;
}

/** How a call is written, in words: exactly, where its words leave no doubt; else one like it. */
export function writtenAs(call: LooseCall, fn: CallName, names: CallNames): string {
  const ways = repaired(call, fn, names);
  if (ways.length > 0) return `it is written ${orList(ways.map((way) => jsonText(way)))}`;
  return `it is written like ${jsonText(exampleLike(call, fn, names))}`;
}

/** A call of a function as a trace writes it: of the words that fit, and of common names. */
function exampleLike(call: LooseCall, fn: CallName, names: CallNames): string {
  const shape: CallShape = CALLS[fn];
  const rest = wordsOf(call, shape);
  const args = shape.takes.map((kind) => takeOut(rest, kind, names) ?? EXAMPLES[kind]).join(', ');
  const { returns } = shape;
  if (returns === null) return `${fn}(${args})`;
  const result = call.result === null ? null : usualResult(call.result.text, shape);
  if (result !== null && isResult(shape, result, names)) return `${fn}(${args}) = ${result}`;
  return `${fn}(${args}) = ${returns === 'conn' ? EXAMPLES.conn : returns[0]}`;
}

/**
 * A call in its usual spelling, as far as its words leave no doubt: arguments that a trace leaves
 * out are left out, and those that stand in another order change places. Several when the result
 * is missing; none when an argument is.
 */
function repaired(call: LooseCall, fn: CallName, names: CallNames): readonly string[] {
  const shape: CallShape = CALLS[fn];
  const args = chosen(wordsOf(call, shape), shape.takes, names);
  if (args === null) return [];
  const head = `${fn}(${args.join(', ')})`;
  return resultsOf(call, shape, names).map((result) =>
    result === null ? head : `${head} = ${result}`,
  );
}

/** Whether a word is `NULL`, however it is spelt. */
export function isNull(text: string): boolean {
  return /^(?:null|nullptr|nil|none|\(nil\)|0x0)$/i.test(text);
}

/** A number, where that is what a truth value stands for. */
function numberOf(text: string): string {
  if (/^(?:true|yes)$/i.test(text)) return '1';
  return /^(?:false|no)$/i.test(text) ? '0' : text;
}

/** The words between the parentheses, in the spelling of a trace. */
function wordsOf({ args }: LooseCall, { takes }: CallShape): string[] {
  const usual = takes.includes('is_safe') ? numberOf : (text: string) => text;
  return args.map(({ text }) => (isNull(text) ? NULL : usual(text)));
}

function usualResult(text: string, { returns }: CallShape): string {
  if (returns === 'conn') return isNull(text) ? NULL : text;
  return numberOf(text);
}

/** The words that can be the arguments: those in their places, else the first that can be. */
function chosen(
  words: readonly string[],
  takes: readonly CallOperand[],
  names: CallNames,
): readonly string[] | null {
  const inPlace = words.every((word, at) => isOperand(takes[at], word, names));
  if (inPlace && words.length === takes.length) return words;
  const rest = [...words];
  const args: string[] = [];
  for (const kind of takes) {
    const word = takeOut(rest, kind, names);
    if (word === null) return null;
    args.push(word);
  }
  return args;
}

/** Takes the first word that can be an argument of a kind, rather one that is not `NULL`. */
function takeOut(words: string[], kind: CallOperand, names: CallNames): string | null {
  const known = words.findIndex((word) => word !== NULL && isOperand(kind, word, names));
  const at = known === -1 ? words.findIndex((word) => isOperand(kind, word, names)) : known;
  return at === -1 ? null : (words.splice(at, 1)[0] ?? null);
}

/** What the call can have given back: what stands there, or anything where nothing that fits does. */
function resultsOf(
  { result }: LooseCall,
  shape: CallShape,
  names: CallNames,
): readonly (string | null)[] {
  const { returns } = shape;
  if (returns === null) return [null];
  const word = result === null ? null : usualResult(result.text, shape);
  if (isResult(shape, word, names)) return [word];
  return returns === 'conn' ? [] : returns.map(String);
}

/** `a connection or NULL`, for what a function returns. */
export function returnsText({ returns }: CallShape): string {
  if (returns === null) return 'nothing';
  return orList(returns === 'conn' ? [NOUNS.conn, NULL] : returns.map(String));
}
