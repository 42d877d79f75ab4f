import {
  CALL_ALIASES,
  CALLS,
  type CallName,
  type CallShape,
  freedIdOf,
  isNamedCall,
} from '../../format/calls.ts';
import { jsonText } from '../text/escape.ts';
import { suggest } from '../text/suggest.ts';
import { quote } from '../text/wording.ts';
import { isOperand, isResult } from './accept.ts';
import type { CallNames, NamedKind } from './call-names.ts';
import { type LooseCall, looseCall } from './loose.ts';
import { isCallName } from './readings.ts';
import { isNull, NOUNS, returnsText, takesText, writtenAs } from './repair.ts';

/** What is wrong with a call, and where in its text. */
export type CallIssue = { readonly at: number } & (
  | { readonly what: string; readonly allowed: string }
  /** Nothing is wrong but a name that does not exist. */
  | { readonly unknown: NamedKind; readonly id: string }
);

const NAMES = Object.keys(CALLS);

/** The whole of a call, and the name of another one behind it. */
const SECOND_CALL = /^[^()]*\([^()]*\)[^()]*?[\s,;](\w+)(?=\s*\()/;

/** Why `acceptCall` does not take a text: the first thing from the left, and how to write it. */
export function explainCall(text: string, names: CallNames): CallIssue {
  const call = looseCall(text);
  if (call === null) {
    return { at: 0, what: 'a call of this length is none', allowed: countedFunctions(names) };
  }
  const second = SECOND_CALL.exec(text);
  if (second !== null) {
    const at = second[0].length - (second[1]?.length ?? 0);
    const what = 'a second call in one text';
    return {
      at,
      what,
      allowed: 'each call is a text of its own: ["conn_new() = c1", "conn_set_private(c1)"]',
    };
  }
  const fn = functionNamed(call.fn.text);
  if (fn === null || call.fn.text !== fn) return unknownFunction(call, fn, names);
  const written = writtenAs(call, fn, names);
  const look = { text, call, fn, shape: CALLS[fn], names, written };
  return (
    notCounted(look) ??
    withoutParentheses(look) ??
    wrongCount(look) ??
    wrongArgument(look) ??
    wrongResult(look) ??
    wrongSpelling(look)
  );
}

/** A call of a known function that is looked at. */
interface Look {
  readonly text: string;
  readonly call: LooseCall;
  readonly fn: CallName;
  readonly shape: CallShape;
  readonly names: CallNames;
  /** How it is written. */
  readonly written: string;
}

/** A function that counts only where the header names it. */
function notCounted({ call, fn, names }: Look): CallIssue | null {
  if (!isNamedCall(fn) || names.counted.has(fn)) return null;
  const named = [...names.counted.keys()].filter(isNamedCall);
  const calls = [...named, fn].map((each) => jsonText(each)).join(', ');
  const what = `${fn} counts only where the header names it`;
  return { at: call.fn.at, what, allowed: `write "calls": [${calls}] there` };
}

function withoutParentheses({ call, fn, written }: Look): CallIssue | null {
  if (call.hasParentheses) return null;
  const what = `the call of ${fn} lacks its parentheses`;
  return { at: call.fn.at + fn.length, what, allowed: written };
}

/** The first argument that cannot be one in its place; -1 when there is none. */
function misfit({ call, shape, names }: Look): number {
  return call.args.findIndex((word, at) => !isOperand(shape.takes[at], word.text, names));
}

function countedFunctions({ counted }: CallNames): string {
  return `the functions that count are ${[...counted.keys()].join(', ')}`;
}

/** The function that a name means: by HAProxy's own name of it, or misspelt. */
function functionNamed(name: string): CallName | null {
  if (isCallName(name)) return name;
  const alias = Object.hasOwn(CALL_ALIASES, name) ? CALL_ALIASES[name] : undefined;
  const meant = alias ?? suggest(name, NAMES);
  return meant !== null && isCallName(meant) ? meant : null;
}

function unknownFunction(call: LooseCall, fn: CallName | null, names: CallNames): CallIssue {
  const { text, at } = call.fn;
  if (text === '') {
    return { at, what: 'this is no call of a function', allowed: countedFunctions(names) };
  }
  const what = `no function of the model is called ${quote(text)}`;
  if (fn === null) return { at, what, allowed: countedFunctions(names) };
  const isAlias = Object.hasOwn(CALL_ALIASES, text);
  const allowed = isAlias ? writtenAs(call, fn, names) : `did you mean ${quote(fn)}?`;
  return { at, what, allowed };
}

function wrongCount(look: Look): CallIssue | null {
  const { call, fn, shape, written } = look;
  if (call.args.length === shape.takes.length) return null;
  // The first one that does not belong there, or where the next one should stand.
  const at = call.args[misfit(look)]?.at ?? call.end;
  const what = `${fn} takes ${takesText(shape.takes)} here, not ${call.args.length}`;
  return { at, what, allowed: written };
}

function wrongArgument(look: Look): CallIssue | null {
  const { call, fn, shape, names, written } = look;
  const wrong = misfit(look);
  const kind = shape.takes[wrong];
  const word = call.args[wrong];
  if (kind === undefined || word === undefined) return null;
  const { at, text } = word;
  if (kind === 'is_safe') {
    return { at, what: `is_safe is ${quote(text)}, and must be 0 or 1`, allowed: written };
  }
  const isSwapped = call.args.every((each) =>
    shape.takes.some((taken) => isOperand(taken, each.text, names)),
  );
  if (text === '' || isNull(text) || isSwapped) {
    const what = `argument ${wrong + 1} of ${fn} is ${quote(text)}, and must be ${NOUNS[kind]}`;
    return { at, what, allowed: written };
  }
  return { at, unknown: kind, id: kind === 'sess' ? (freedIdOf(text) ?? text) : text };
}

function wrongResult({ call, fn, shape, names, written }: Look): CallIssue | null {
  const { result } = call;
  const { returns } = shape;
  if (result === null || isResult(shape, result.text, names)) return null;
  if (returns === null) {
    return { at: result.at, what: `${fn} returns nothing`, allowed: written };
  }
  const values = returnsText(shape);
  const { at, text } = result;
  const isName = !isNull(text) && !/^-?\d+$|^(?:true|false)$|[\s()]/.test(text);
  if (returns === 'conn' && isName) return { at, unknown: 'conn', id: text };
  return { at, what: `${fn} returns ${values}, not ${quote(text)}`, allowed: written };
}

/** Nothing but the spelling is wrong: blanks, quotes, a semicolon. */
function wrongSpelling({ text, call, fn, written }: Look): CallIssue {
  const result = call.result === null ? '' : ` = ${call.result.text}`;
  const usual = `${fn}(${call.args.map((word) => word.text).join(', ')})${result}`;
  let at = 0;
  while (at < usual.length && text[at] === usual[at]) at++;
  return { at, what: `the call of ${fn} is not spelt as a trace spells it`, allowed: written };
}
