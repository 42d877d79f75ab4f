import type { PageVerdict, TraceSummary } from '../report/page/told.ts';
import { count, h, number } from './dom.ts';

const VERDICTS: Readonly<Record<PageVerdict, string>> = {
  agrees: 'agrees',
  diverges: 'diverges',
  same: 'no difference',
  parts: 'parts',
  'not judged': 'not judged',
};

/** How a trace was judged, in words. */
export function verdictText(verdict: PageVerdict): string {
  return VERDICTS[verdict];
}

/** The same as a badge. */
export function verdictBadge(verdict: PageVerdict): HTMLElement {
  return h('span', { class: `verdict ${verdict.replace(' ', '-')}` }, VERDICTS[verdict]);
}

/** What there is to count of a trace, in a few words. */
export function countsText(trace: TraceSummary): string {
  const { kind, steps, divergences, followers, findings, end, rules } = trace;
  const isReplay = kind === 'replay';
  const parts = [
    count(steps, 'step'),
    kind === 'many' && count(rules.length, 'rule set'),
    divergences > 0 &&
      (isReplay ? count(divergences, 'divergence') : `parts at ${count(divergences, 'step')}`),
    followers > 0 &&
      (isReplay ? `${number(followers)} following` : `${count(followers, 'step')} follow`),
    findings > 0 && count(findings, 'broken promise'),
    end,
  ];
  return parts.filter((part) => part !== false && part !== null).join(', ');
}
