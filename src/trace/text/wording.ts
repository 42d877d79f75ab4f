import { jsonText } from './escape.ts';

/** Longest piece of a trace that a message repeats, in UTF-16 code units. */
const MAX_QUOTED = 48;

const PLAIN_KEY = /^[\w!/.-]+$/;

/** A key of an object or an index of an array, from the line's object inwards. */
export type Path = readonly (string | number)[];

/** Something wrong inside one line: the reader turns the path into a column. */
export interface Issue {
  readonly path: Path;
  /** Whether the key at the path's end is meant, or its value. */
  readonly on: 'key' | 'value';
  /** Where in the string at the path's end, as an offset into its characters; else its beginning. */
  readonly at?: number;
  readonly what: string;
  readonly allowed: string | null;
}

/** An issue in one line, without its place. */
export function issueText({ what, allowed }: Pick<Issue, 'what' | 'allowed'>): string {
  return allowed === null ? what : `${what}; ${allowed}`;
}

/** A text in double quotes as JSON writes it; a long one is cut and ends in `…`. */
export function quote(text: string): string {
  if (text.length <= MAX_QUOTED) return jsonText(text);
  const cut = text.slice(0, MAX_QUOTED - 1);
  // A surrogate pair cut in two would print as an escape.
  return jsonText(/[\ud800-\udbff]$/.test(cut) ? `${cut.slice(0, -1)}…` : `${cut}…`);
}

/** A short name for any JSON value: itself when small, else what kind of value it is. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** A path as a reader would write it: `expect.conn.c1.flags[0]`; odd keys are quoted. */
export function describePath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (!PLAIN_KEY.test(step) || step.length > MAX_QUOTED) text += `[${quote(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** Joins names: `a`, `a or b`, `a, b or c`. */
export function orList(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} or ${names.slice(-1).join('')}`;
}
