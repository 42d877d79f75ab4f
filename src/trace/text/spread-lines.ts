import type { SyntaxProblem } from './scanner.ts';

/** How a line begins that is an event or a header of its own. */
const OWN_OBJECT = /^\s*\{\s*["']?(?:event|trace)\b/;

/** How a file begins that is one JSON array. */
const ARRAY = /^\s*\[\s*(?:$|\{)/;

const SPREAD: Pick<SyntaxProblem, 'what' | 'allowed'> = {
  what: 'an array of objects',
  allowed:
    'a trace is one JSON object per line, with no brackets around them and no commas between',
};

/**
 * JSON that is not one object per line: an object over several lines, or an array around all of
 * them. It is one mistake, however many lines it has.
 */
export class SpreadLines {
  #isSpread = false;
  #isArray = false;
  #isFirst = true;

  /** A line has ended too early: what follows may belong to it. */
  begin(): void {
    this.#isSpread = true;
  }

  /** A line is an object of its own: what follows belongs to nothing before it. */
  end(): void {
    this.#isSpread = false;
  }

  /** Whether a line belongs to those before it, and was told with them. */
  takes(text: string): boolean {
    if (this.#isArray && /^[\s\],]*$/.test(text)) return true;
    if (this.#isSpread && OWN_OBJECT.test(text)) this.end();
    return this.#isSpread;
  }

  /** A line without the comma or bracket that an array around it puts behind it. */
  withoutArray(text: string): string {
    return this.#isArray ? text.replace(/[\s,\]]*$/, '') : text;
  }

  /** Whether a line that is no JSON opens an array around the whole file: then what to say. */
  open(text: string): SyntaxProblem | null {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (!isFirst || !ARRAY.test(text)) return null;
    this.#isArray = true;
    return { offset: text.indexOf('['), expects: 'text', ...SPREAD };
  }
}
