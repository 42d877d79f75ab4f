import type { Finding, StepResult } from '../../replay/result.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import type { FileHead } from '../data/file-head.ts';
import { countingFindings } from '../data/select.ts';
import { classOf } from '../data/severity.ts';
import { flow, glue, type Item, sentence, text } from '../text/layout.ts';
import type { ReportOptions } from '../text/report-options.ts';
import { againLine, headline } from './divergence.ts';

/** Stands before what a step has broken. */
const MARK = '!';
const BLOCK_INDENT = 2;

function findingLine(finding: Finding, indent: number, { palette, width }: ReportOptions): string {
  const { invariant, severity, says, stated } = finding;
  const paint = stated ? palette.warn : palette.bad;
  const lead = glue(text(' '.repeat(indent)), text(`${MARK} ${invariant}`, paint), text('  '));
  const items: Item[] = sentence(escapeControl(says));
  if (severity !== 'broken') items.push([text(`(${classOf(finding)})`, palette.faint)]);
  if (stated) items.push([text('(expected)', palette.faint)]);
  return flow(lead, items, { width, indent: indent + 2, gap: 1 });
}

/** What a step has broken, below its other lines: `! owner-is-live  c1 points to s1, …`. */
export function findingLines(
  findings: readonly Finding[],
  indent: number,
  options: ReportOptions,
): string[] {
  return findings.map((finding) => findingLine(finding, indent, options));
}

/** What a step does that has one finding of a class. */
const ALONE = {
  crash: 'crashes:',
  abort: 'aborts:',
  broken: 'breaks a promise:',
  hint: 'deserves a look:',
} as const;

/** What some findings are: promises that are broken, or findings of several kinds. */
function whatOf(findings: readonly Finding[]): string {
  const [first] = findings;
  if (findings.every(({ invariant }) => invariant === 'impossible-input')) return 'cannot be:';
  if (!findings.every(({ severity }) => severity === 'broken')) {
    if (findings.length > 1 || first === undefined) return `has ${findings.length} findings:`;
    return ALONE[classOf(first)];
  }
  return findings.length === 1 ? 'breaks a promise:' : `breaks ${findings.length} promises:`;
}

/**
 * What a step has broken and the trace does not state, as a block of its own: place, step and
 * event; each promise with where it comes from; the command that shows the step again. Empty for a
 * step that has broken nothing else.
 */
export function brokenLines(file: FileHead, step: StepResult, options: ReportOptions): string[] {
  const findings = countingFindings(step, options.strict);
  if (findings.length === 0) return [];
  const { palette, width } = options;
  const what = whatOf(findings);
  const indent = BLOCK_INDENT + 2;
  const source = (finding: Finding): string =>
    flow(text(' '.repeat(indent)), sentence(`from ${finding.source}`, palette.faint), {
      width,
      indent: indent + 2,
      gap: 1,
    });
  return [
    headline(file, step, what, options),
    ...findings.flatMap((one) => [findingLine(one, BLOCK_INDENT, options), source(one)]),
    againLine(file, step.number, step.number, options),
  ];
}
