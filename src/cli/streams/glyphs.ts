import type { GlyphSetName } from '../../report/drawing/glyphs.ts';
import type { ColorInputs } from './color.ts';

/** What `--glyphs` can say. */
export const GLYPH_MODES = ['auto', 'unicode', 'ascii'] as const;

/** A value of `--glyphs`. */
export type GlyphMode = (typeof GLYPH_MODES)[number];

/**
 * Which characters lanes are drawn with: `--glyphs` decides, else a terminal whose locale is none of
 * UTF-8, by the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set, gets ASCII; so does one without
 * any, except on Windows, which has no such variables. What is no terminal gets the same whatever
 * the locale.
 */
export function glyphsFor({
  mode,
  env,
  isTerminal,
}: Omit<ColorInputs, 'mode'> & { readonly mode: GlyphMode }): GlyphSetName {
  if (mode !== 'auto') return mode;
  if (!isTerminal || env.OS === 'Windows_NT') return 'unicode';
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((each) => (each ?? '') !== '') ?? '';
  return /utf-?8/i.test(locale) ? 'unicode' : 'ascii';
}
