import { InvalidArgumentError, Option } from 'commander';
import { GLYPH_MODES } from '../streams/glyphs.ts';
import { withChoices } from './choice.ts';

/** The option `--graph`, the same for every command that draws lanes beside steps. */
export function graphOption(says: string): Option {
  return new Option('--graph', says);
}

/** The option `--glyphs`, for those that have `--graph`. */
export function glyphsOption(): Option {
  const says = 'what --graph draws with; auto: ascii on a terminal without UTF-8';
  return withChoices(new Option('--glyphs <set>', says), GLYPH_MODES).default('auto');
}

/** Columns that a report can be told to have: what is narrower cannot be read. */
const WIDTH_MIN = 40;
const WIDTH_MAX = 1000;

function columns(value: string): number {
  const number = /^\d+$/.test(value) ? Number(value) : 0;
  if (number >= WIDTH_MIN && number <= WIDTH_MAX) return number;
  throw new InvalidArgumentError(`Columns from ${WIDTH_MIN} to ${WIDTH_MAX} are allowed.`);
}

/** The option `--width`, for reports for people, and for figures. */
export function widthOption(): Option {
  const says = 'columns of a line; those of the terminal, and 80 elsewhere, unless stated';
  return new Option('--width <columns>', says).argParser(columns);
}
