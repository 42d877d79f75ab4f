import type { Value } from '../replay/result.ts';
import { jsonText } from '../trace/text/escape.ts';
import type { Place } from '../trace/text/scanner.ts';

/** How a line separates: what stands behind its colons and behind its commas. */
export interface Style {
  readonly colon: string;
  readonly comma: string;
}

const BLANKS_BEHIND = /[ \t]*/y;

function blanksFrom(text: string, at: number): string {
  BLANKS_BEHIND.lastIndex = at;
  return BLANKS_BEHIND.exec(text)?.[0] ?? '';
}

/**
 * The style of a line, taken from the surroundings of its key `event`, whose place is given. A
 * line without a comma there separates by commas as it does by colons.
 */
export function styleOf(text: string, { keyAt, valueAt, endAt }: Place): Style {
  const colon = /[ \t]*$/.exec(text.slice(keyAt, valueAt))?.[0] ?? '';
  const behind = endAt + blanksFrom(text, endAt).length;
  if (text[behind] === ',') return { colon, comma: blanksFrom(text, behind + 1) };
  const before = /,([ \t]*)$/.exec(text.slice(0, keyAt))?.[1];
  return { colon, comma: before ?? colon };
}

/** A key with its value, in a style. */
export function formatEntry(key: string, value: Value, style: Style): string {
  return `${jsonText(key)}:${style.colon}${formatValue(value, style)}`;
}

/** A value as JSON on one line, in a style. */
export function formatValue(value: Value, style: Style): string {
  if (typeof value !== 'object' || value === null) return jsonText(value);
  const separator = `,${style.comma}`;
  if (Array.isArray(value)) {
    return `[${value.map((item: Value) => formatValue(item, style)).join(separator)}]`;
  }
  const entries = Object.entries(value).map(([key, item]) => formatEntry(key, item, style));
  return `{${entries.join(separator)}}`;
}
