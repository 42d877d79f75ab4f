import type { PageRow, TraceSummary } from '../../report/page/told.ts';
import type { Trace } from '../data/trace.ts';
import { type Child, h, number, short } from '../dom.ts';
import type { State } from '../state.ts';
import type { Ways } from './pieces.ts';

/** What came of a trace under a rule set: a sign, its words, and how it counts. */
export const OUTCOMES: Readonly<
  Record<PageRow['verdict'], { readonly sign: string; readonly says: string; readonly is: string }>
> = {
  agrees: { sign: '✓', says: 'agrees', is: 'agrees' },
  diverges: { sign: '✗', says: 'diverges', is: 'diverges' },
  impossible: { sign: '⊘', says: 'is impossible', is: 'diverges' },
  ends: { sign: '†', says: 'ends the program', is: 'diverges' },
  silent: { sign: '·', says: 'expects nothing', is: 'same' },
};

/** What each rule set makes of a trace: a row for each, which opens its lanes. */
export class Matrix {
  readonly element: HTMLElement;
  readonly #rows: readonly HTMLTableRowElement[];

  constructor(
    readonly state: State,
    readonly ways: Ways,
  ) {
    const { rows = [], rules } = state.trace.summary;
    this.#rows = rows.map((row, at) => this.#row(row, at, rules[at] ?? ''));
    const columns = [
      'rule set',
      'verdict',
      'first divergence',
      'end',
      'promises broken',
      'parts from the one before',
    ];
    this.element = h(
      'div',
      { class: 'matrix table', tabindex: 0, role: 'region', 'aria-label': 'Rule sets' },
      h(
        'table',
        {},
        h('caption', { class: 'unseen' }, 'What each rule set makes of the trace'),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            columns.map((name) => h('th', { scope: 'col' }, name)),
          ),
        ),
        h('tbody', {}, this.#rows),
      ),
    );
    state.listen((change) => {
      if (change === 'bands') this.#follow();
    });
    this.#follow();
  }

  /** The rows of the bands that are shown stand out, and are seen. */
  #follow(): void {
    const { shown } = this.state;
    for (const [at, row] of this.#rows.entries()) {
      const isShown = shown.includes(at);
      row.classList.toggle('here', isShown);
      row.querySelector('button')?.setAttribute('aria-pressed', String(isShown));
    }
    const first = this.#rows[shown[0] ?? -1];
    first?.scrollIntoView({ block: 'nearest' });
  }

  #row(
    { verdict, first, end, broken, parts }: PageRow,
    at: number,
    rules: string,
  ): HTMLTableRowElement {
    const { says, sign, is } = OUTCOMES[verdict];
    const { state, ways } = this;
    const said = (each: PageRow['first']): Child =>
      each !== null && [
        h('a', { href: ways.toStep(each.step), title: each.says }, `step ${number(each.step)}`),
        `: ${short(each.says, 90)}`,
      ];
    const [part, ...more] = parts;
    const both = (): void => {
      state.show([at - 1, at]);
      if (part !== undefined) state.goTo({ row: state.trace.rowOf(part.step) });
    };
    return h(
      'tr',
      {},
      h(
        'th',
        { scope: 'row' },
        h('button', { type: 'button', onclick: () => state.show([at]) }, rules),
      ),
      h('td', { class: `${is} count` }, `${sign} ${says}`),
      h('td', {}, said(first)),
      h('td', {}, said(end)),
      h('td', {}, promisesText(broken)),
      h(
        'td',
        {},
        part !== undefined && [
          h('button', { type: 'button', onclick: both }, `both at step ${number(part.step)}`),
          h('span', { title: part.says }, ` ${short(part.says, 70)}`),
          more.length > 0 && ` and ${number(more.length)} more`,
        ],
      ),
    );
  }
}

/** `3: owner-is-live at step 4, …` */
function promisesText(broken: PageRow['broken']): Child {
  const says = broken.map((each) => `${each.says} at step ${each.step}`).join(', ');
  const text = broken.length > 1 ? `${broken.length}: ${says}` : says;
  return h('span', { title: says }, short(text, 60));
}

/** What the signs of an index stand for. */
export function signsText(traces: readonly TraceSummary[]): string {
  const verdicts = new Set(traces.flatMap(({ rows = [] }) => rows.map(({ verdict }) => verdict)));
  const signs = Object.entries(OUTCOMES).flatMap(([verdict, { sign, says }]) =>
    verdicts.has(verdict as PageRow['verdict']) ? [`${sign} ${says}`] : [],
  );
  return `${signs.join('; ')}; a line left of it: it parts from the rule set before`;
}

/** The bands that a trace opens with: the first rule set that parts from the one before, and that one. */
export function firstBands(trace: Trace): number[] {
  const { kind, rows = [] } = trace.summary;
  if (kind !== 'many') return trace.bands.map((_, band) => band);
  const parting = rows.findIndex(({ parts }) => parts.length > 0);
  return parting > 0 ? [parting - 1, parting] : [Math.max(0, trace.bands.length - 1)];
}

/** The signs of a trace under all rule sets, each a way to its lanes. */
export function signCells(trace: TraceSummary, to: (set: number) => string): HTMLElement[] {
  return trace.rules.map((rules, at) => {
    const row = trace.rows?.[at];
    if (row === undefined) return h('td', { class: 'sign' }, '?');
    const { sign, says, is } = OUTCOMES[row.verdict];
    const parted = row.parts.length > 0 ? ', parts from the one before' : '';
    const name = `${rules}: ${says}${parted}`;
    const link = h('a', { href: to(at + 1), title: name, 'aria-label': name }, sign);
    return h('td', { class: `sign ${is}${row.parts.length > 0 ? ' parted' : ''}` }, link);
  });
}
