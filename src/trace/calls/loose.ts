/** A word of a text, and where it begins there. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

/** A text taken for a call, however it is spelt. */
export interface LooseCall {
  /** The function; what stands before the parenthesis, or the first word where there is none. */
  readonly fn: Word;
  readonly args: readonly Word[];
  readonly hasParentheses: boolean;
  /** Where the arguments end: the closing parenthesis, or the end of the text. */
  readonly end: number;
  /** What stands behind an equals sign or an arrow; null when nothing does. */
  readonly result: Word | null;
}

/** Longest text that is taken apart: more is no call. */
const MAX_TEXT = 512;
const RESULT = /^\s*(?:==?|->|=>|:|returns?\b)?\s*(.*?)[\s;,.]*$/s;

/** The parenthesis that ends the arguments of `conn_free(c1)()`. */
const TWICE_CALLED = /\)(?=\s*\(\s*\)[\s;]*$)/;

/** Takes a text apart as a call, whatever is wrong with it; null for one that is far too long. */
export function looseCall(text: string): LooseCall | null {
  if (text.length > MAX_TEXT) return null;
  const open = text.indexOf('(');
  if (open === -1) return withoutParentheses(text);
  const last = TWICE_CALLED.exec(text)?.index ?? text.lastIndexOf(')');
  const end = last > open ? last : text.length;
  const behind = text.slice(end + 1).replace('()', '  ');
  const [whole = '', found = ''] = RESULT.exec(behind) ?? [];
  const result = { text: found, at: end + 1 + whole.indexOf(found) };
  return {
    fn: trimmed(text.slice(0, open), 0),
    args: wordsOf(text.slice(open + 1, end), open + 1),
    hasParentheses: true,
    end,
    result: found === '' ? null : result,
  };
}

/** `conn_free c1`, or nothing but the name of a function. */
function withoutParentheses(text: string): LooseCall {
  const [head = ''] = text.split(/[=;]/, 1);
  const [fn = { text: '', at: 0 }, ...args] = Array.from(head.matchAll(/[^\s,]+/g), (match) => ({
    text: match[0],
    at: match.index,
  }));
  const found = /=\s*([^\s=;]+)/.exec(text);
  const result =
    found?.[1] === undefined ? null : { text: found[1], at: text.lastIndexOf(found[1]) };
  return { fn, args, hasParentheses: false, end: text.length, result };
}

function wordsOf(text: string, at: number): Word[] {
  if (text.trim() === '') return [];
  let from = at;
  return text.split(',').map((piece) => {
    const word = trimmed(piece, from);
    from += piece.length + 1;
    return word;
  });
}

/** A piece of a text without blanks around it, nor quotes. */
function trimmed(piece: string, at: number): Word {
  const [, before = '', text = ''] = /^([\s"'`]*)(.*?)[\s"'`]*$/s.exec(piece) ?? [];
  return { text, at: at + before.length };
}
