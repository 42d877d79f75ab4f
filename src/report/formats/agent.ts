import type { ToldReport } from '../data/schema.ts';
import { count } from '../text/layout.ts';
import { noticesOf, placeText } from './notices.ts';

/**
 * The reporter `agent`: one line per divergence, broken invariant and problem, `path:line: …`,
 * without decoration. A run with nothing to tell says `ok`, so that silence is never ambiguous.
 */
export function* agent(report: ToldReport): Generator<string> {
  let isSilent = true;
  for (const notice of noticesOf(report)) {
    // What a verdict rests on is no verdict.
    if (notice.kind !== 'evidence') isSilent = false;
    yield `${placeText(notice)}: ${notice.text}\n`;
  }
  if (!isSilent) return;
  const { files, steps, crashes, aborts = 0 } = report.totals;
  const crashed = crashes > 0 ? `, ${count(crashes, 'crash', 'crashes')}` : '';
  const aborted = aborts > 0 ? `, ${count(aborts, 'abort')}` : '';
  yield `ok: ${count(files, 'file')}, ${count(steps, 'step')}${crashed}${aborted}\n`;
}
