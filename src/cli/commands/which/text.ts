import { agreeing, type Fit, nearest, type Origin } from '../../../compare/releases/index.ts';
import type { FileHead } from '../../../report/data/file-head.ts';
import { divergenceLines } from '../../../report/parts/divergence.ts';
import { whoHas } from '../../../report/parts/who-has.ts';
import {
  block,
  count,
  flow,
  type Item,
  listed,
  sentence,
  text,
} from '../../../report/text/layout.ts';
import { type ReportOptions, WITHOUT_OPTIONS } from '../../../report/text/report-options.ts';
import { escapeControl } from '../../../trace/text/escape.ts';

const MARGIN = 2;

/** What the report is told about its surroundings. */
export type WhichText = Pick<ReportOptions, 'width' | 'palette'>;

/** The file that a report is of. */
export type WhichFile = Pick<FileHead, 'path' | 'stdin'>;

function line(items: readonly Item[], { width }: WhichText): string {
  return flow(text(' '.repeat(MARGIN)), items, { width, indent: MARGIN * 2, gap: 1 });
}

function agreesItems(names: readonly string[], { palette }: WhichText): Item[] {
  if (names.length === 0) return sentence('no rule set agrees', palette.bad);
  const paint = palette.good;
  return [[text('agrees with')], ...listed(names.map((name) => [[text(name, paint)]]))];
}

/** The same of many files: the first and the last of a longer row. */
function shortItems(fits: readonly Fit[], { palette }: WhichText): Item[] {
  const names = fits.map(({ rules }) => rules);
  const has = fits.map(({ divergences }) => divergences === 0);
  if (!has.includes(true)) return sentence('no rule set agrees', palette.bad);
  return [[text('agrees')], ...sentence(whoHas(names, has) || 'with every rule set', palette.good)];
}

/** `2.2.0 (3 divergences from step 4 on)` */
function fitItems({ rules, divergences, first }: Fit): Item[] {
  const where = first === null ? ', by its end' : ` from step ${first.number} on`;
  return [[text(rules)], ...sentence(`(${count(divergences, 'divergence')}${where})`)];
}

function nearestLines(
  { path, stdin }: WhichFile,
  { title, fits }: Origin,
  options: WhichText,
): string[] {
  const fit = nearest(fits);
  if (fit === null) return [];
  const others = fits.filter((each) => each.divergences > 0 && each !== fit);
  const lines = [line([...sentence('nearest of the rest:'), ...fitItems(fit)], options)];
  if (others.length > 0) {
    const items = [...sentence('further away:'), ...listed(others.map(fitItems))];
    lines.push(line(items, options));
  }
  if (fit.first === null) return lines;
  const head = { path, stdin, title, rules: fit.rules };
  const report: ReportOptions = {
    ...WITHOUT_OPTIONS,
    ...options,
    rules: fit.rules,
  };
  return [...lines, '', ...divergenceLines(head, fit.first, report)];
}

/**
 * A file: the rule sets that agree with it, the nearest of the others, and where that parts first.
 *
 * @param origin null when no header could be read
 * @param problems what made it impossible to read it to its end
 */
export function whichText(
  file: WhichFile,
  origin: Origin | null,
  problems: number,
  options: WhichText,
): string {
  const { palette } = options;
  const lines = [palette.strong(escapeControl(file.path))];
  if (origin?.title) lines.push(line(sentence(escapeControl(origin.title)), options));
  if (origin === null || problems > 0) {
    const what = sentence(`not judged: ${count(problems, 'problem')}`, palette.bad);
    return block([...lines, line(what, options)]);
  }
  if (origin.isSilent) {
    const what = 'it expects nothing: every rule set agrees, and that tells nothing of its origin';
    return block([...lines, line(sentence(what, palette.warn), options)]);
  }
  lines.push(line(agreesItems(agreeing(origin.fits), options), options));
  return block([...lines, ...nearestLines(file, origin, options)]);
}

/** One of several files, in short: the rule sets that agree with it, or the nearest one. */
export function shortText(
  file: WhichFile,
  origin: Origin | null,
  problems: number,
  options: WhichText,
): string {
  const { palette, width } = options;
  const lead = text(`${escapeControl(file.path)}: `, palette.strong);
  const layout = { width, indent: MARGIN * 2, gap: 1 };
  if (origin === null || problems > 0) {
    return block([flow(lead, sentence('not judged', palette.bad), layout)]);
  }
  const names = agreeing(origin.fits);
  const fit = names.length === 0 ? nearest(origin.fits) : null;
  const items = origin.isSilent
    ? sentence('expects nothing', palette.warn)
    : shortItems(origin.fits, options);
  const rest = fit === null ? [] : [sentence('nearest:'), fitItems(fit)].flat();
  return block([flow(lead, listed([items, rest].filter((part) => part.length > 0)), layout)]);
}

/** What a run over several files has found. */
export interface WhichRun {
  /** Files that were judged. */
  readonly files: number;
  readonly unjudged: number;
  /** Files by rule set, in the order of the rule sets. */
  readonly agree: readonly { readonly rules: string; readonly files: number }[];
}

/** After the last of several files: how many agree with each rule set, and which with all. */
export function whichSummaryText({ files, unjudged, agree }: WhichRun, options: WhichText): string {
  const { width, palette } = options;
  const all = agree.filter((each) => each.files === files).map(({ rules }) => rules);
  const layout = { width, indent: MARGIN, gap: 1 };
  const counts = agree.map((each) => [[text(each.rules), text(`${each.files}`)]]);
  const lines = [
    flow(text(''), [...sentence(`of ${count(files, 'file')}:`), ...listed(counts)], layout),
  ];
  if (files > 0) {
    const items =
      all.length === 0
        ? sentence('no rule set agrees with all of them', palette.bad)
        : [...sentence('with all of them:'), ...listed(all.map((name) => [[text(name)]]))];
    lines.push(flow(text(''), items, layout));
  }
  if (unjudged > 0) {
    const what = `${count(unjudged, 'file')} not judged, or without an expectation`;
    lines.push(flow(text(''), sentence(what, palette.bad), layout));
  }
  return block(lines);
}
