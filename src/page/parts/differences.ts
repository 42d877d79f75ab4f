import type { ToldDecision, ToldDifference } from '../../report/page/told.ts';
import type { Trace } from '../data/trace.ts';
import { type Child, h, long } from '../dom.ts';
import { ruleTag, stepLink, type Ways } from './pieces.ts';

/** The rule that decided: its function and file, its id, and what it says. */
function deciderOf(trace: Trace, [rule, says]: ToldDecision): HTMLElement {
  const [id, fn, file, isRead] = trace.rules[rule] ?? ['', '', '', 0];
  return h(
    'div',
    { class: 'decider' },
    h('div', {}, 'decided by ', h('code', {}, fn), ' ', h('span', { class: 'faint' }, file)),
    h('div', {}, long(says), ' ', ruleTag(id, isRead === 1)),
  );
}

/** Differences as a table, each with who decided it below. */
export function differencesTable(
  trace: Trace,
  all: readonly ToldDifference[],
  [one, other]: readonly [string, string],
  ways: Ways,
): HTMLElement {
  const rows = all.flatMap(({ field, expected, actual, by, over, follows }) => {
    const below: Child[] = [
      by !== undefined && deciderOf(trace, by),
      ...(over ?? []).map((text) => h('div', { class: 'faint' }, 'passed over ', long(text))),
      follows !== undefined &&
        h('div', { class: 'follows' }, 'follows from ', stepLink(follows, ways)),
    ];
    const row = h(
      'tr',
      { class: follows === undefined ? null : 'follower' },
      h('th', { scope: 'row' }, long(field)),
      h('td', {}, long(expected)),
      h('td', { class: 'differs' }, long(actual)),
    );
    const hasBelow = below.some((child) => child !== false);
    return hasBelow ? [row, h('tr', {}, h('td', { colspan: 3, class: 'by' }, below))] : [row];
  });
  return h(
    'table',
    { class: 'differences' },
    h(
      'thead',
      {},
      h('tr', {}, ...['field', one, other].map((name) => h('th', { scope: 'col' }, name))),
    ),
    h('tbody', {}, rows),
  );
}
