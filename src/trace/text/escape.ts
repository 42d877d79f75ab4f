/**
 * Characters that change what a terminal shows without showing themselves: controls (C0, DEL, C1),
 * lone surrogates, line and paragraph separators, zero-width and bidirectional formatting, tags.
 * The ranges are spelt out, because a property class grows with the Unicode version of the runtime.
 */
const UNSAFE =
  /[\p{Cc}\p{Cs}\u{ad}\u{61c}\u{180e}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]/u;
const EVERY_UNSAFE = new RegExp(UNSAFE.source, 'gu');

const SHORT: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * Makes any text safe for one line of a terminal: what could move the cursor, reorder or hide text
 * becomes visible as `\n`, `\r`, `\t` or `\u{1b}`. Returns the very same string when nothing needs
 * escaping.
 */
export function escapeControl(text: string): string {
  if (!UNSAFE.test(text)) return text;
  return text.replace(EVERY_UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return SHORT.get(character) ?? `\\u{${code.toString(16)}}`;
  });
}
