/**
 * Characters that change what a terminal shows without showing themselves, by their code points.
 * They are spelt out, because a property class grows with the Unicode version of the runtime.
 */
const UNSAFE_RANGES: readonly (readonly [first: number, last: number])[] = [
  // Controls: C0, DEL and C1; surrogates, which are lone where they count as characters.
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xd800, 0xdfff],
  // Line and paragraph separators, bidirectional formatting, zero-width characters.
  [0x61c, 0x61c],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfeff, 0xfeff],
  // Soft hyphen, joiner, fillers, marks of single scripts: nothing, or a blank, is seen of them.
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x3164, 0x3164],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  // Tags and selectors of variants that no font has.
  [0xe0000, 0xe0fff],
];

function characterClass(ranges: typeof UNSAFE_RANGES): string {
  const spelt = (code: number): string => `\\u{${code.toString(16)}}`;
  return `[${ranges.map(([first, last]) => `${spelt(first)}-${spelt(last)}`).join('')}]`;
}

const UNSAFE = new RegExp(characterClass(UNSAFE_RANGES), 'u');
const EVERY_UNSAFE = new RegExp(UNSAFE.source, 'gu');

const SHORT: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** True when nothing in a text needs escaping before a terminal may see it. */
export function isClean(text: string): boolean {
  return !UNSAFE.test(text);
}

/**
 * Makes any text safe for one line of a terminal: what could move the cursor, reorder or hide text
 * becomes visible as `\n`, `\r`, `\t` or `\u{1b}`. Returns the very same string when nothing needs
 * escaping; what was escaped is escaped no further.
 */
export function escapeControl(text: string): string {
  if (isClean(text)) return text;
  return text.replace(EVERY_UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return SHORT.get(character) ?? `\\u{${code.toString(16)}}`;
  });
}

/** The same for text of several lines, whose line feeds stay. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeControl).join('\n');
}

/**
 * A value as JSON that a terminal can be shown: `JSON.stringify` leaves DEL, C1 and all of Unicode
 * as it is, here the same characters as of any other text become visible, as `\u009b`.
 *
 * @param indent spaces per level; absent: all on one line
 */
export function jsonText(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent);
  if (isClean(json)) return json;
  return json.replace(EVERY_UNSAFE, (character) => {
    // Between values, never within one: there JSON has escaped it.
    if (character === '\n') return character;
    return Array.from({ length: character.length }, (_, at) => unit(character, at)).join('');
  });
}

/** A UTF-16 code unit as JSON escapes it. */
function unit(text: string, at: number): string {
  return `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
}
