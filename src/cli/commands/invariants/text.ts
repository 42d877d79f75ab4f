import type { Invariant } from '../../../engine/invariants/index.ts';
import { flow, sentence, text } from '../../../report/text/layout.ts';
import type { ReportOptions } from '../../../report/text/report-options.ts';

const INDENT = 2;

/** Every invariant: its name, what must hold, how bad a breach is, its source and who promises it. */
export function invariantsText(
  invariants: readonly Invariant[],
  { palette, width }: Pick<ReportOptions, 'palette' | 'width'>,
): string {
  const layout = { width, indent: INDENT, gap: 1 };
  const margin = text(' '.repeat(INDENT));
  const paragraphs = invariants.map(({ name, says, source, severity, since }) => {
    const rules = since === null ? 'every rule set' : `${since.id} and later`;
    return [
      palette.strong(name),
      flow(margin, sentence(says), layout),
      flow(
        margin,
        sentence(`severity ${severity}; from ${source}; under ${rules}`, palette.faint),
        layout,
      ),
    ];
  });
  return paragraphs.map((lines) => `${lines.join('\n')}\n`).join('\n');
}
