import {
  EVERY_SELECTION_MAX,
  type Guarantee,
  type Minimized,
  PAIRS_MAX,
  signatureText,
} from '../../../minimize/index.ts';
import { COMMAND_LABELS } from '../../../report/text/fold.ts';
import { block, count, flow, sentence, text } from '../../../report/text/layout.ts';
import type { Palette } from '../../../report/text/palette.ts';
import { pathArgument, shellQuote } from '../../../report/text/shell.ts';
import { escapeControl } from '../../../trace/text/escape.ts';

const INDENT = 2;

/** Where the trace came from and where the smaller one went. */
export interface MinimizeReport {
  /** As given; null for standard input. */
  readonly path: string | null;
  /** The file that was written; null for standard output. */
  readonly out: string | null;
  /** Options that decided what was minimised, as given: `--rules 21ddc74e8`. */
  readonly options: readonly string[];
  /** An invariant that is only checked when it is asked for, or null. */
  readonly invariant: string | null;
  readonly palette: Palette;
  readonly width: number;
}

/** What was not tried, lest it take for ever. */
function notTried(guarantee: Guarantee): string {
  switch (guarantee) {
    case 'selections':
      return 'nor does any selection of them';
    case 'pairs':
      return `nor without any two; more at a time was not tried, with more than ${EVERY_SELECTION_MAX} events left`;
    case 'single':
      return `two at a time, another order, and merging sessions or streams were not tried, with more than ${PAIRS_MAX} events left`;
  }
}

/** The command that shows what the smaller trace is about. */
function command({ path, out, options, invariant }: MinimizeReport): string {
  const watched = invariant === null ? '' : ` --invariant ${invariant}`;
  const explain = `replay --explain${watched}`;
  if (out !== null) return `${explain} ${pathArgument(out)}`;
  const given = [...options.map(shellQuote), path === null ? '-' : pathArgument(path)];
  const hint = path === null ? ' (with the same input)' : '';
  return `replay minimize ${given.join(' ')} | ${explain} -${hint}`;
}

/** What came of minimising a trace, in a few lines. */
export function minimizeText(
  { signature, from, to, guarantee }: Minimized,
  report: MinimizeReport,
): string {
  const { palette, width } = report;
  const layout = { width, indent: INDENT, gap: 1 };
  const margin = text(' '.repeat(INDENT));
  const what = escapeControl(signatureText(signature));
  const sizes = `from ${count(from, 'event')} to ${to}: `;
  const minimal = `1-minimal: without any one of its events it does not show that; ${notTried(guarantee)}`;
  return block([
    flow(text(sizes), sentence(what, palette.strong), layout),
    flow(margin, sentence(minimal), layout),
    `${margin.painted}${palette.faint(COMMAND_LABELS.show)}    ${command(report)}`,
  ]);
}
