import { escapeControl } from '../../trace/text/escape.ts';
import type { Unrecorded } from '../data/unrecorded.ts';
import { flow, sentence, text } from '../text/layout.ts';
import type { ReportOptions } from '../text/report-options.ts';

const MARGIN = 2;

/** What a run has to say of rules that its verdict rests on, a text for each rule set. */
export function unrecordedTexts(unrecorded: Unrecorded = {}): string[] {
  return Object.keys(unrecorded)
    .sort()
    .map((set) => {
      const ids = unrecorded[set] ?? [];
      const rules = ids.length === 1 ? 'a rule' : `${ids.length} rules`;
      const what = `this rests on ${rules} of ${set} that no recording of HAProxy has exercised`;
      return escapeControl(`${what}: ${ids.join(', ')}`);
    });
}

/** The same as lines, below the summary of a run. */
export function unrecordedLines(
  unrecorded: Unrecorded | undefined,
  { width, palette }: Pick<ReportOptions, 'width' | 'palette'>,
): string[] {
  const layout = { width, indent: MARGIN * 2, gap: 1 };
  return unrecordedTexts(unrecorded).map((says) =>
    flow(text(' '.repeat(MARGIN)), sentence(says, palette.warn), layout),
  );
}
