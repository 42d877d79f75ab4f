import { type Path, quote } from './wording.ts';

/** Where a key and its value stand in a text, as offsets; -1 until found. */
export class Place {
  keyAt = -1;
  valueAt = -1;
  /** Just behind the value. */
  endAt = -1;
  readonly below = new Map<string | number, Place>();

  /** The place of a path from here, created when it is not there yet. */
  at(path: Path): Place {
    let place: Place = this;
    for (const step of path) {
      let next = place.below.get(step);
      if (next === undefined) {
        next = new Place();
        place.below.set(step, next);
      }
      place = next;
    }
    return place;
  }
}

/** A key that stands twice in one object; offsets of both. */
export interface DuplicateKey {
  readonly key: string;
  readonly first: number;
  readonly again: number;
}

/** Why a text is not JSON, and the offset where that shows. */
export interface SyntaxProblem {
  readonly offset: number;
  /** What could stand there. */
  readonly expects: 'key' | 'value' | 'colon' | 'separator' | 'nothing' | 'text';
  readonly what: string;
  readonly allowed: string;
}

/** What a scan found. */
export interface Scan {
  /** Null when the text is JSON, exactly as JSON.parse judges, and no deeper than `MAX_DEPTH`. */
  readonly syntax: SyntaxProblem | null;
  readonly duplicates: readonly DuplicateKey[];
}

/** Most duplicate keys that one scan tells about. */
const MAX_DUPLICATES = 100;

/** Deepest nesting of arrays and objects that a scan follows; the format needs no more than 7. */
export const MAX_DEPTH = 1000;

const SPACE = /[ \t\r\n]*/y;
const LITERAL = /true|false|null/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids just these in a string
const STRING_BODY = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** An array or object that the scanner is in. */
interface Frame {
  /** Keys seen and their offsets; null in an array. */
  readonly keys: Map<string, number> | null;
  readonly place: Place | undefined;
  index: number;
}

/**
 * Walks through a JSON text with a position, as JSON.parse does without: finds the syntax error,
 * the keys that stand twice in an object, and the offsets of wanted places (filled into `wanted`;
 * of a duplicate key the last one, which is the one that JSON.parse keeps). Never recurses and
 * never throws.
 */
export function scan(text: string, wanted: Place = new Place()): Scan {
  const scanner = new Scanner(text);
  return { syntax: scanner.run(wanted), duplicates: scanner.duplicates };
}

class Scanner {
  readonly duplicates: DuplicateKey[] = [];
  readonly #text: string;
  readonly #stack: Frame[] = [];
  #at = 0;
  #problem: SyntaxProblem | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  run(wanted: Place): SyntaxProblem | null {
    this.#value(wanted);
    while (this.#problem === null) {
      this.#skip(SPACE);
      const frame = this.#stack.at(-1);
      if (frame === undefined) {
        if (this.#at === this.#text.length) return null;
        return this.#fail('nothing', 'nothing may follow the value');
      }
      this.#next(frame);
    }
    return this.#problem;
  }

  /** After a value in an array or object: its end, or one more element. */
  #next(frame: Frame): void {
    const close = frame.keys === null ? ']' : '}';
    const first = frame.index === 0;
    if (this.#eat(close)) {
      this.#stack.pop();
      if (frame.place !== undefined) frame.place.endAt = this.#at;
      return;
    }
    if (!first && !this.#eat(',')) {
      this.#fail('separator', `"," or "${close}" must follow`);
      return;
    }
    this.#skip(SPACE);
    const index = frame.index++;
    if (frame.keys === null) this.#value(frame.place?.below.get(index), first);
    else this.#entry(frame, frame.keys, first);
  }

  #entry(frame: Frame, keys: Map<string, number>, first: boolean): void {
    const keyAt = this.#at;
    if (this.#text[keyAt] !== '"') {
      this.#fail('key', `a key in double quotes${first ? ' or "}"' : ''} must stand here`);
      return;
    }
    this.#string();
    if (this.#problem !== null) return;
    const key: string = JSON.parse(this.#text.slice(keyAt, this.#at));
    const before = keys.get(key);
    if (before === undefined) keys.set(key, keyAt);
    else if (this.duplicates.length < MAX_DUPLICATES) {
      this.duplicates.push({ key, first: before, again: keyAt });
    }
    this.#skip(SPACE);
    if (!this.#eat(':')) {
      this.#fail('colon', '":" must follow the key');
      return;
    }
    const place = frame.place?.below.get(key);
    if (place !== undefined) place.keyAt = keyAt;
    this.#value(place);
  }

  #value(place: Place | undefined, mayClose = false): void {
    this.#skip(SPACE);
    if (place !== undefined) place.valueAt = this.#at;
    const start = this.#text[this.#at];
    if (start === '{' || start === '[') {
      if (this.#stack.length === MAX_DEPTH) {
        const allowed = `at most ${MAX_DEPTH} arrays and objects may stand inside one another`;
        this.#fail('text', allowed, 'the nesting is too deep');
        return;
      }
      this.#at++;
      this.#stack.push({
        keys: start === '{' ? new Map() : null,
        place,
        index: 0,
      });
      return;
    }
    if (start === '"') this.#string();
    else if (!this.#skip(LITERAL) && !this.#skip(NUMBER)) {
      this.#fail('value', `a value${mayClose ? ' or "]"' : ''} must stand here`);
    }
    if (place !== undefined) place.endAt = this.#at;
  }

  #string(): void {
    this.#at++;
    do this.#skip(STRING_BODY);
    while (this.#skip(ESCAPE));
    if (this.#eat('"')) return;
    const found = this.#text[this.#at];
    if (found === undefined) this.#fail('text', 'the string needs its closing double quote');
    else if (found === '\\') {
      this.#fail('text', 'an escape is one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX');
    } else
      this.#fail('text', 'a control character in a string is written as an escape, such as \\t');
  }

  /** Moves over what the sticky pattern matches; false when that is nothing. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    pattern.test(this.#text);
    const moved = pattern.lastIndex > this.#at;
    if (moved) this.#at = pattern.lastIndex;
    return moved;
  }

  #eat(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #fail(
    expects: SyntaxProblem['expects'],
    allowed: string,
    what = this.#describeFound(),
  ): SyntaxProblem {
    this.#problem = { offset: this.#at, expects, what, allowed };
    return this.#problem;
  }

  #describeFound(): string {
    const found = this.#text.codePointAt(this.#at);
    if (found === undefined) return 'the line ends too early';
    return `unexpected ${quote(String.fromCodePoint(found))}`;
  }
}

/**
 * The offset in a JSON text of a character of a string that begins at `start`, which is at `at` in
 * the string's value. Both count UTF-16 code units.
 */
export function offsetInString(text: string, start: number, at: number): number {
  let offset = start + 1;
  for (let left = at; left > 0 && offset < text.length && text[offset] !== '"'; left--) {
    if (text[offset] !== '\\') offset++;
    else offset += text[offset + 1] === 'u' ? 6 : 2;
  }
  return offset;
}
