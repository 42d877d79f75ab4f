import type { Report } from '../data/schema.ts';
import { count } from '../text/layout.ts';
import { noticesOf, placeText } from './notices.ts';

/**
 * The reporter `agent`: one line per divergence, broken invariant and problem, `path:line: …`,
 * without decoration. A run with nothing to tell says `ok`, so that silence is never ambiguous.
 */
export function agent(report: Report): string {
  const notices = noticesOf(report);
  if (notices.length === 0) {
    const { files, steps, crashes } = report.totals;
    const crashed = crashes > 0 ? `, ${count(crashes, 'crash', 'crashes')}` : '';
    return `ok: ${count(files, 'file')}, ${count(steps, 'step')}${crashed}\n`;
  }
  return notices.map((notice) => `${placeText(notice)}: ${notice.text}\n`).join('');
}
