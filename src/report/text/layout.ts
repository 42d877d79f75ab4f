import { escapeControl } from '../../trace/text/escape.ts';
import type { Paint } from './palette.ts';

/** A piece of a line: how it is written out, and how many columns of a terminal it takes. */
export interface Text {
  readonly painted: string;
  readonly columns: number;
}

/** Words that belong together: kept on one line where that is possible. */
export type Item = readonly Text[];

const NOTHING: Text = { painted: '', columns: 0 };
const PRINTABLE_ASCII = /^[ -~]*$/;
// Spelt out, because a property class grows with the Unicode version of the runtime.
const NO_COLUMN: readonly (readonly [first: number, last: number])[] = [
  [0x300, 0x36f],
  [0x483, 0x489],
  [0x591, 0x5bd],
  [0x64b, 0x65f],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x20d0, 0x20ff],
  [0xfe00, 0xfe0f],
  [0xfe20, 0xfe2f],
];
const TWO_COLUMNS =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** How many columns of a terminal a text without control characters takes. */
export function columnsOf(plain: string): number {
  if (PRINTABLE_ASCII.test(plain)) return plain.length;
  let columns = 0;
  for (const character of plain) {
    const code = character.codePointAt(0) ?? 0;
    const isMark = NO_COLUMN.some(([first, last]) => code >= first && code <= last);
    if (!isMark) columns += TWO_COLUMNS.test(character) ? 2 : 1;
  }
  return columns;
}

/** A text in a style, or in none. What a terminal would obey instead of showing it is escaped. */
export function text(plain: string, paint?: Paint): Text {
  const clean = PRINTABLE_ASCII.test(plain) ? plain : escapeControl(plain);
  return {
    painted: paint === undefined ? clean : paint(clean),
    columns: columnsOf(clean),
  };
}

/** Several texts as one that is never broken. */
export function glue(...parts: readonly Text[]): Text {
  let painted = '';
  let columns = 0;
  for (const part of parts) {
    painted += part.painted;
    columns += part.columns;
  }
  return { painted, columns };
}

/** The text with spaces after it, up to `columns`; a longer one stays whole. */
export function padEnd(part: Text, columns: number): Text {
  return glue(part, text(' '.repeat(Math.max(0, columns - part.columns))));
}

/** The text with spaces before it, up to `columns`; a longer one stays whole. */
export function padStart(part: Text, columns: number): Text {
  return glue(text(' '.repeat(Math.max(0, columns - part.columns))), part);
}

/** The words of a sentence as items, so that it can be wrapped. */
export function sentence(plain: string, paint?: Paint): Item[] {
  return plain
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => [text(word, paint)]);
}

/** Phrases as one sentence: `1 file, 3 steps, no divergence`; each may have styles of its own. */
export function listed(phrases: readonly (readonly Item[])[]): Item[] {
  return phrases.flatMap((phrase, index) => {
    const last = phrase.at(-1);
    if (index === phrases.length - 1 || last === undefined) return phrase;
    return [...phrase.slice(0, -1), [...last.slice(0, -1), glue(...last.slice(-1), text(','))]];
  });
}

/** Where lines end and where they go on, in columns. */
export interface Layout {
  readonly width: number;
  /** Column at which a continued line begins. */
  readonly indent: number;
  /** Spaces between items; between the words of an item there is always one. */
  readonly gap: number;
}

/**
 * Sets items after a lead, over as many lines as it takes. An item moves to the next line as a
 * whole; only one that is longer than a line is broken, between words. A word is never cut, even
 * if it runs over the width. The result has no newline at its end.
 */
export function flow(lead: Text, items: readonly Item[], layout: Layout): string {
  const margin = ' '.repeat(layout.indent);
  const lines: string[] = [];
  let line = lead;
  let fresh = true;
  const put = (part: Text, gap: number): void => {
    const spaces = fresh ? 0 : gap;
    // On a fresh line a part that is too long would be too long on the next line as well, unless
    // the lead reaches beyond the margin.
    const stuck = fresh && line.columns <= layout.indent;
    if (!stuck && line.columns + spaces + part.columns > layout.width) {
      lines.push(line.painted);
      line = glue(text(margin), part);
    } else {
      line = glue(line, text(' '.repeat(spaces)), part);
    }
    fresh = false;
  };
  for (const item of items) {
    const whole = item.flatMap((word, index) => (index === 0 ? [word] : [text(' '), word]));
    const joined = glue(...whole);
    if (joined.columns <= layout.width - layout.indent) {
      put(joined, layout.gap);
    } else {
      item.forEach((word, index) => {
        put(word, index === 0 ? layout.gap : 1);
      });
    }
  }
  lines.push(line.painted);
  return lines.map((each) => each.trimEnd()).join('\n');
}

/** Lines as one text: each has its newline, the last one as well. */
export function block(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Items on one line, however long it gets. */
export function inline(items: readonly Item[], gap = 2): Text {
  const parts: Text[] = [];
  items.forEach((item, index) => {
    if (index > 0) parts.push(text(' '.repeat(gap)));
    item.forEach((word, place) => {
      parts.push(...(place > 0 ? [text(' '), word] : [word]));
    });
  });
  return parts.length === 0 ? NOTHING : glue(...parts);
}

/** `1 step`, `2 steps`, `no step`. */
export function count(number: number, one: string, many = `${one}s`): string {
  if (number === 0) return `no ${one}`;
  return `${number} ${number === 1 ? one : many}`;
}
