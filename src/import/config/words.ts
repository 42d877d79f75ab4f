/** A line of haproxy.cfg as its words. */
export interface Words {
  readonly words: readonly string[];
  /** Names of environment variables in it; what they hold is not known. */
  readonly variables: readonly string[];
  /** A quote has no end. */
  readonly isOpen: boolean;
}

const VARIABLE = /^\$\{([A-Za-z_]\w*)(?:-[^}]*)?(?:\[\*\])?\}|^\$([A-Za-z_]\w*)/;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/**
 * Splits a line as HAProxy does: blanks divide, single quotes keep all, double quotes all but
 * variables and escapes, a backslash escapes what follows, and a hash begins a comment.
 */
export function splitWords(line: string): Words {
  const words: string[] = [];
  const variables: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (quote === "'" && character !== "'") word = (word ?? '') + character;
    else if (character === '\\') {
      const next = line.charAt(++at);
      word = (word ?? '') + (ESCAPES.get(next) ?? next);
    } else if (quote !== '' && character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) {
      quote = character;
      word ??= '';
    } else if (quote === '"' && character === '$') {
      const [whole = '', braced, bare] = VARIABLE.exec(line.slice(at)) ?? [];
      if (whole !== '') variables.push(braced ?? bare ?? '');
      word = (word ?? '') + (whole === '' ? character : whole);
      at += Math.max(whole.length, 1) - 1;
    } else if (quote === '' && character === '#') break;
    else if (quote === '' && /\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + character;
  }
  if (word !== null) words.push(word);
  return { words, variables, isOpen: quote !== '' };
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['us', 0.001],
  ['ms', 1],
  ['', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** A time in milliseconds, which is its unit unless one is stated; null for anything else. */
export function milliseconds(text: string): number | null {
  const [, digits, unit = ''] = /^(\d+)([a-z]*)$/.exec(text) ?? [];
  const factor = UNITS.get(unit);
  return digits === undefined || factor === undefined ? null : Math.ceil(Number(digits) * factor);
}

/** A whole number; null for anything else. */
export function integer(text: string | undefined): number | null {
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : null;
}
