import { Option } from 'commander';
import { GLYPH_MODES } from '../streams/glyphs.ts';
import { withChoices } from './choice.ts';

/** The option `--graph`, the same for every command that draws lanes beside steps. */
export function graphOption(): Option {
  return new Option('--graph', 'a row for each step, beside lanes of who holds which connection');
}

/** The option `--glyphs`, for those that have `--graph`. */
export function glyphsOption(): Option {
  const says = 'what --graph draws with; auto: ascii on a terminal without UTF-8';
  return withChoices(new Option('--glyphs <set>', says), GLYPH_MODES).default('auto');
}
