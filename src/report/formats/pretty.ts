import { escapeControl } from '../../trace/text/escape.ts';
import type { FileHead } from '../data/file-head.ts';
import type { StepPart } from '../data/select.ts';
import { unstatedUnder } from '../data/severity.ts';
import type { FileReport, Fold, RunReport } from '../data/tally.ts';
import { coverageLines } from '../parts/coverage.ts';
import { divergenceLines } from '../parts/divergence.ts';
import { brokenLines } from '../parts/finding.ts';
import { stepLines } from '../parts/step.ts';
import { unrecordedLines } from '../parts/unrecorded.ts';
import { block, count, flow, sentence, text } from '../text/layout.ts';
import type { ReportOptions } from '../text/report-options.ts';
import { UNFOLD } from '../text/report-options.ts';
import type { Reporter } from './reporter.ts';

const MARGIN = 2;

function headLines(file: FileHead, { palette, width }: ReportOptions): string[] {
  const path = text(escapeControl(file.path), palette.strong);
  const rules = [text('rules', palette.faint), text(escapeControl(file.rules), palette.faint)];
  const lines = [flow(text(''), [[path], rules], { width, indent: MARGIN, gap: 2 })];
  if (file.title !== null) {
    const title = sentence(escapeControl(file.title));
    lines.push(flow(text('  '), title, { width, indent: MARGIN, gap: 1 }));
  }
  return lines;
}

function foldText({ divergences, steps }: Omit<Fold, 'from'>, from: string): string {
  const follow = divergences === 1 ? 'follows' : 'follow';
  return `and ${count(divergences, 'divergence')} at ${count(steps, 'later step')} ${follow} from ${from}`;
}

function foldLines(report: FileReport, options: ReportOptions): string[] {
  const { palette, width, allDivergences } = options;
  if (allDivergences) return [];
  const texts = report.folds.map((fold) => foldText(fold, `step ${fold.from}`));
  if (report.moreFolds.divergences > 0) texts.push(foldText(report.moreFolds, 'other steps'));
  const last = texts.length - 1;
  return texts.map((says, at) => {
    const items = sentence(at === last ? `${says} ${UNFOLD}` : says, palette.warn);
    return flow(text('  '), items, { width, indent: MARGIN + 2, gap: 1 });
  });
}

/** `no divergence`, or `1 divergence (12 more follow from it)`. */
function divergenceText(
  { divergences, followers }: Pick<RunReport, 'divergences' | 'followers'>,
  { palette }: ReportOptions,
  where = '',
): string {
  const paint = divergences > 0 ? palette.bad : palette.good;
  const causes = paint(count(divergences, 'divergence')) + where;
  if (followers === 0) return causes;
  const follow = followers === 1 ? 'follows' : 'follow';
  return `${causes} (${followers} more ${follow} from ${divergences === 1 ? 'it' : 'them'})`;
}

/** `3 findings` if there are any that no trace states; else nothing. */
function findingsText(
  counts: Pick<RunReport, 'unstatedFindings' | 'unstatedBy'>,
  { palette, strict }: ReportOptions,
): string[] {
  const { unstatedFindings } = counts;
  if (unstatedFindings === 0) return [];
  const paint = unstatedUnder(strict, counts) > 0 ? palette.bad : palette.warn;
  return [paint(count(unstatedFindings, 'finding'))];
}

/** `412 steps, no divergence`, for one of several files. */
function countLine(report: FileReport, options: ReportOptions): string {
  const { palette } = options;
  const { result } = report;
  const steps = count(result?.steps ?? 0, 'step');
  if (report.problems > 0 || result === null) {
    const problems = count(report.problems, 'problem');
    return `  ${steps} replayed, then ${palette.bad(`not judged: ${problems}`)}`;
  }
  return `  ${[steps, divergenceText(result, options), ...findingsText(result, options)].join(', ')}`;
}

function tailLines(report: FileReport, options: ReportOptions): string[] {
  const { palette, several } = options;
  const { result } = report;
  const lines: string[] = [];
  if (result !== null && report.matched === 0 && result.steps > 0) {
    lines.push(`  ${palette.warn('no step selected')} of ${result.steps}`);
  }
  if (report.hidden > 0) {
    lines.push(`  ${palette.bad(count(report.hidden, 'divergence'))} at steps that are not shown`);
  }
  lines.push(...foldLines(report, options));
  if (several) lines.push(countLine(report, options));
  return lines;
}

function summaryLine(run: RunReport, options: ReportOptions): string {
  const { bad } = options.palette;
  const unjudged = run.unjudged > 0 ? ` (${bad(`${run.unjudged} not judged`)})` : '';
  const isSpread = run.divergences > 0 && run.files > 1;
  const where = isSpread ? ` in ${count(run.divergingFiles, 'file')}` : '';
  const parts = [
    `${count(run.files, 'file')}${unjudged}`,
    count(run.steps, 'step'),
    divergenceText(run, options, where),
    ...findingsText(run, options),
  ];
  if (run.crashes > 0) parts.push(count(run.crashes, 'crash', 'crashes'));
  const { aborts = 0 } = run;
  if (aborts > 0) parts.push(count(aborts, 'abort'));
  if (run.unread > 0) parts.push(bad(`${count(run.unread, 'path')} not read`));
  return parts.join(', ');
}

/** The reporter for people: aligned text at a given width, best with colour, complete without. */
export function pretty(options: ReportOptions): Reporter {
  return {
    head: (file) => block(headLines(file, options)),
    step: (file, step, part: StepPart) => {
      const lines = part === 'whole' ? stepLines(step, options) : [];
      const below = [divergenceLines(file, step, options, part)];
      if (part === 'divergences') below.push(brokenLines(file, step, options));
      const blocks = below.filter((each) => each.length > 0).flatMap((each) => [...each, '']);
      if (blocks.length === 0) return block(lines);
      const above = lines.length > 0 ? [...lines, ''] : [];
      return block([...above, ...blocks]);
    },
    tail: (report) => block(tailLines(report, options)),
    summary: (run) =>
      block([
        summaryLine(run, options),
        ...unrecordedLines(run.unrecorded, options),
        ...coverageLines(run.reached ?? {}, options),
      ]),
  };
}
