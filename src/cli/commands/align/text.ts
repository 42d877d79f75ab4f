import { AHEAD, type Aligned, BACK, TRIED_MAX } from '../../../align/index.ts';
import { block, count, flow, sentence, text } from '../../../report/text/layout.ts';
import type { Palette } from '../../../report/text/palette.ts';
import { escapeControl } from '../../../trace/text/escape.ts';

/** Steps that are told one by one. */
const LEFT_TOLD = 5;
const INDENT = 2;

/** What the text of an alignment depends on besides. */
export interface AlignLook {
  readonly rules: string;
  readonly palette: Palette;
  readonly width: number;
}

/** Whether all of a trace fits, with all that it expects. */
export function fitsWhole({ relaxed, left, behindEnd }: Aligned): boolean {
  return relaxed === 0 && left.length === 0 && behindEnd === 0;
}

/** What it took to align a trace, and where nothing helped. */
export function alignText(aligned: Aligned, { rules, palette, width }: AlignLook): string {
  const { added, moved, relaxed, amended, dropped, left, cutShort, behindEnd, events } = aligned;
  const cost = added + moved + relaxed + amended + dropped.length;
  const layout = { width, indent: INDENT, gap: 1 };
  const line = (says: string): string =>
    flow(text(' '.repeat(INDENT)), sentence(escapeControl(says)), layout);
  const isWhole = fitsWhole(aligned);
  const fits = left.length === 0 && behindEnd === 0 ? 'that fit' : 'aligned with';
  const head = `${count(events.length, 'event')} ${fits} ${rules}, at a cost of ${cost}: ${added} added, ${moved} moved, ${dropped.length} dropped, ${relaxed} that expect less than they did`;
  const steps = left.slice(0, LEFT_TOLD).join(', ');
  const more = left.length > LEFT_TOLD ? ` and ${left.length - LEFT_TOLD} more` : '';
  return block([
    flow(text(''), sentence(head, isWhole ? palette.good : palette.warn), layout),
    ...(cutShort === 0
      ? []
      : [
          line(
            `${count(cutShort, 'step')} at which none of the first ${TRIED_MAX} repairs fits, so that the cheapest may not be found (bounds: ${BACK} events back, ${AHEAD} ahead)`,
          ),
        ]),
    ...(amended === 0
      ? []
      : [line(`${count(amended, 'event')} told otherwise than before, as it could not be`)]),
    ...(left.length === 0 ? [] : [line(`nothing fits at ${steps}${more}`)]),
    ...(behindEnd > 0
      ? [line(`the modelled program ends before the last ${count(behindEnd, 'event')}`)]
      : []),
  ]);
}
