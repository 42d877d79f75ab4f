import type { Paint, Palette } from '../../text/palette.ts';
import { tag, xmlText } from '../../text/xml.ts';
import { COLUMN, OWNER_COLORS } from './style.ts';

/** Classes of styled text, by the numbers that stand for them between ESC `[` and `m`. */
const CLASSES = ['strong', 'faint', 'bad', 'warn', ...owners()] as const;

function owners(): string[] {
  return Array.from({ length: OWNER_COLORS }, (_, at) => `o${at}`);
}

function paint(name: string): Paint {
  const number = CLASSES.indexOf(name) + 1;
  return (text) => `\x1b[${number}m${text}\x1b[0m`;
}

const same: Paint = (text) => text;

/** Styles in the way of a terminal, as whatever lays out text passes over those. */
export const MARKED: Palette = {
  strong: paint('strong'),
  faint: paint('faint'),
  id: same,
  good: same,
  bad: paint('bad'),
  warn: paint('warn'),
  owners: owners().map(paint),
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: what the palette puts around a text.
const STYLED = /\x1b\[(\d+)m/;

/** A line in those styles as one element of text; empty for a blank one. */
export function textLine(marked: string, x: number, y: number): string {
  const parts = marked.split(STYLED);
  const indent = /^ */.exec(parts[0] ?? '')?.[0].length ?? 0;
  let spans = '';
  let name = '';
  parts.forEach((part, at) => {
    if (at % 2 === 1) {
      name = CLASSES[Number(part) - 1] ?? '';
      return;
    }
    const text = xmlText(at === 0 ? part.slice(indent) : part);
    if (text === '') return;
    // Text beside elements would be mixed content, which few programs keep in order.
    const isAll = parts.length === 1;
    spans += isAll
      ? text
      : `${tag('tspan', name === '' ? {} : { class: name }, '>')}${text}</tspan>`;
  });
  if (spans === '') return '';
  return `${tag('text', { x: x + indent * COLUMN, y }, '>')}${spans}</text>\n`;
}

/** One character or more at a place, in a class. */
export function label(plain: string, name: string, x: number, y: number): string {
  return `${tag('text', { class: name, x, y }, '>')}${xmlText(plain)}</text>\n`;
}
