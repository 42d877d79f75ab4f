import { block, count, flow, listed, sentence, text } from '../../../report/text/layout.ts';
import type { Paint, Palette } from '../../../report/text/palette.ts';
import {
  countVerdicts,
  reasonOf,
  VERDICT_KINDS,
  type VerdictKind,
  type VerifiedTrace,
  type Verifier,
  verdictLine,
} from '../../../report/verified/result.ts';

const MARGIN = 2;

/** What the text is made for. */
export interface TextOptions {
  readonly palette: Palette;
  readonly width: number;
}

function paintOf(kind: VerdictKind, palette: Palette): Paint {
  if (kind === 'as-predicted') return palette.good;
  return kind === 'not-exportable' ? palette.faint : palette.bad;
}

/** The program that is run, and the rules that stand for it. */
export function headText(
  { version, rules, since }: Verifier,
  { palette, width }: TextOptions,
): string {
  const layout = { width, indent: MARGIN, gap: 1 };
  const lines = [
    flow(
      text(''),
      sentence(`HAProxy ${version}, by the rules of ${rules}`, palette.strong),
      layout,
    ),
  ];
  if (since.length > 0) {
    const changes = since
      .map(({ bug, commits }) =>
        bug === null ? commits.join(' ') : `${bug} (${commits.join(' ')})`,
      )
      .join(', ');
    const says = `this branch was asked to take since: ${changes}`;
    lines.push(flow(text(''), sentence(says, palette.faint), layout));
  }
  return block(lines);
}

/** One trace: its path and its verdict. */
export function traceText(trace: VerifiedTrace, { palette, width }: TextOptions): string {
  const lead = text(`${trace.path}: `, palette.strong);
  const items = sentence(verdictLine(trace), paintOf(trace.verdict.kind, palette));
  return block([flow(lead, items, { width, indent: MARGIN * 2, gap: 1 })]);
}

/** After the last one: how many came to what, and why so many could not be exported. */
export function summaryText(
  traces: readonly VerifiedTrace[],
  { palette, width }: TextOptions,
): string {
  const counts = countVerdicts(traces);
  const layout = { width, indent: MARGIN, gap: 1 };
  const told = VERDICT_KINDS.filter((kind) => counts[kind] > 0).map((kind) =>
    sentence(`${counts[kind]} ${kind.replaceAll('-', ' ')}`, paintOf(kind, palette)),
  );
  const lines = [
    flow(text(''), [...sentence(`of ${count(traces.length, 'trace')}:`), ...listed(told)], layout),
  ];
  const reasons = new Map<string, number>();
  for (const { verdict } of traces) {
    if (verdict.kind !== 'not-exportable') continue;
    const reason = reasonOf(verdict.why);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const byCount = [...reasons].sort(([, one], [, other]) => other - one);
  for (const [reason, number] of byCount) {
    const lead = text(`  ${String(number).padStart(4)} `, palette.faint);
    lines.push(flow(lead, sentence(reason, palette.faint), { width, indent: 9, gap: 1 }));
  }
  return block(lines);
}
