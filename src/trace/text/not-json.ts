import { jsonText } from './escape.ts';
import type { SyntaxProblem } from './scanner.ts';
import { suggest } from './suggest.ts';
import { quote } from './wording.ts';

const EXAMPLE = '{"event":"session_new","sess":"s1","fe":"fe"}';

/** Longest piece of a text that is looked at, or shown again. */
const MAX_PIECE = 120;

const COMMENT = /^\s*(?:#+|\/\/+|\/\*+|--+|;+|%+|<!--)\s*(.*?)\s*(?:\*+\/|-->)?\s*$/s;
const QUOTES = /^["'`´‘’“”„«»]$/;
const WORD = /[\p{L}_$][\p{L}\p{N}_$.-]*/uy;
const NUMBER = /[+-]?(?:\.?\d[\w.]*|Infinity)/y;

/** What stands for a literal of JSON in other languages. */
const LITERALS: ReadonlyMap<string, string> = new Map([
  ...['None', 'nil', 'NULL', 'undefined', 'NaN'].map((word) => [word, 'null'] as const),
  ...['True', 'TRUE', 'yes', 'on'].map((word) => [word, 'true'] as const),
  ...['False', 'FALSE', 'no', 'off'].map((word) => [word, 'false'] as const),
]);

/** Where a line is not JSON, and why. */
export type Fault = Omit<SyntaxProblem, 'expects'>;

/** Whether a line that is no JSON is meant for people. */
export function isComment(text: string): boolean {
  return COMMENT.test(text.slice(0, MAX_PIECE));
}

/**
 * Why a line is not JSON, in the words of what was probably meant where that can be seen: a comment,
 * a comma too many, other quotes, a word without any. Else what the scan says.
 */
export function wordSyntax(text: string, syntax: SyntaxProblem): Fault {
  const { offset } = syntax;
  const rest = text.slice(offset, offset + MAX_PIECE);
  if (text.slice(0, offset).trim() === '' && isComment(text)) return comment(text, offset);
  if (syntax.expects === 'text') return syntax;
  if (syntax.expects === 'nothing') return wordRest(rest, syntax);
  return (
    wordCharacter(rest, offset) ??
    wordLine(text, offset) ??
    extraComma(text, syntax) ??
    (syntax.expects === 'key' ? wordKey(text, offset) : null) ??
    (syntax.expects === 'value' ? wordValue(text, offset) : null) ??
    (syntax.expects === 'separator' ? wordSeparator(text, syntax) : null) ??
    (offset < text.length ? syntax : { ...syntax, allowed: `${syntax.allowed}, on the same line` })
  );
}

function comment(text: string, offset: number): Fault {
  const [, words = ''] = COMMENT.exec(text.slice(0, MAX_PIECE)) ?? [];
  const example = words === '' || text.length > MAX_PIECE ? 'why' : words;
  return {
    offset,
    what: 'a trace has no comments',
    allowed: `each line is one JSON object: what there is to say is the "title" of the header or a "note" of an event, e.g. "note":${jsonText(example)}`,
  };
}

/** Something stands behind the object. */
function wordRest(rest: string, syntax: SyntaxProblem): Fault {
  const { offset } = syntax;
  if (/^[,;]\s*$/.test(rest)) {
    const what = `a ${quote(rest.trim())} behind the object`;
    return { offset, what, allowed: 'a line is one JSON object and nothing else: remove it' };
  }
  if (isComment(rest)) return comment(rest, offset);
  if (/^,?\s*\{/.test(rest)) {
    return {
      offset,
      what: 'a second object in the line',
      allowed: 'each line is one JSON object: it begins a line of its own, without a comma before',
    };
  }
  if (rest.startsWith(':')) {
    const what = 'the line lacks the brace that opens its object';
    return { offset: 0, what, allowed: `a line is one JSON object, e.g. ${EXAMPLE}` };
  }
  if (/^[}\]]/.test(rest)) {
    return { offset, what: `a ${quote(rest.charAt(0))} too many`, allowed: 'remove it' };
  }
  return syntax;
}

/** A line that does not even begin as an object. */
function wordLine(text: string, offset: number): Fault | null {
  if (offset === text.length || text.slice(0, offset).trim() !== '') return null;
  const [found = ''] = text.slice(offset, offset + MAX_PIECE).split(/\s/, 1);
  const what = `the line begins with ${quote(found)}`;
  return { offset, what, allowed: `a line is one JSON object, e.g. ${EXAMPLE}` };
}

/** A character that looks like another one, or like none. */
function wordCharacter(rest: string, offset: number): Fault | null {
  const found = String.fromCodePoint(rest.codePointAt(0) ?? 0x20);
  if (found === '\ufeff') {
    return {
      offset,
      what: 'a byte order mark in the middle of the file',
      allowed: 'it may stand at the beginning of the file only: remove it',
    };
  }
  if (found !== ' ' && /^\s$/u.test(found)) {
    return { offset, what: `the blank ${quote(found)}`, allowed: 'only plain spaces are blanks' };
  }
  if (found === '"' || !QUOTES.test(found)) return null;
  const [, inside = ''] = /^.([^"'`´‘’“”„«»]*)/su.exec(rest) ?? [];
  return {
    offset,
    what: `${quote(found)} is no quote of JSON`,
    allowed: `keys and texts stand in double quotes: ${jsonText(inside)}`,
  };
}

/** A comma with nothing behind it, or two of them. */
function extraComma(text: string, syntax: SyntaxProblem): Fault | null {
  const found = text.charAt(syntax.offset);
  if (!/^[}\],]$/.test(found) || syntax.expects === 'separator') return null;
  if (found === ',') {
    return { ...syntax, what: 'a comma with nothing before it', allowed: 'remove it' };
  }
  const before = text.slice(0, syntax.offset).trimEnd();
  if (!before.endsWith(',')) return null;
  const what = `a comma with nothing behind it but ${quote(found)}`;
  return { ...syntax, offset: before.length - 1, what, allowed: 'remove it' };
}

function wordKey(text: string, offset: number): Fault | null {
  const key = matchAt(WORD, text, offset);
  if (key === null) return null;
  const what = `the key ${quote(key)} has no quotes`;
  return { offset, what, allowed: `a key stands in double quotes: ${jsonText(key)}` };
}

function wordValue(text: string, offset: number): Fault | null {
  const number = matchAt(NUMBER, text, offset);
  if (number !== null) {
    const value = Number(number.replaceAll('_', ''));
    const meant = Number.isFinite(value) ? `: ${value}` : ', e.g. 12 or 0.5';
    return {
      offset,
      what: `${quote(number)} is no number of JSON`,
      allowed: `it is written${meant}`,
    };
  }
  const word = matchAt(WORD, text, offset);
  if (word === null) return null;
  const meant = LITERALS.get(word) ?? suggest(word, ['true', 'false', 'null']);
  const hint = meant === null ? '' : `did you mean ${meant}? `;
  return {
    offset,
    what: `the value ${quote(word)} has no quotes`,
    allowed: `${hint}a text stands in double quotes: ${jsonText(word)}`,
  };
}

/** A number that goes on as none does, or a text that ended where it was not to. */
function wordSeparator(text: string, syntax: SyntaxProblem): Fault | null {
  const { offset, allowed } = syntax;
  const [digits] = /[\d.]+$/.exec(text.slice(Math.max(offset - MAX_PIECE, 0), offset)) ?? [];
  const isNumber = digits !== undefined && /[\w.]/.test(text.charAt(offset));
  if (isNumber) return wordValue(text, offset - digits.length);
  if (text.charAt(offset - 1) !== '"' || !/[\w.,:-]/.test(text.charAt(offset))) return null;
  const hint = 'a double quote is missing before, or one inside of a text needs a backslash, \\"';
  return { ...syntax, allowed: `${allowed}: ${hint}` };
}

function matchAt(pattern: RegExp, text: string, offset: number): string | null {
  pattern.lastIndex = offset;
  const [found] = pattern.exec(text.slice(0, offset + MAX_PIECE)) ?? [];
  return found ?? null;
}
