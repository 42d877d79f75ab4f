import type { PageVerdict, TraceSummary } from '../report/page/told.ts';
import { addressText } from './address.ts';
import { type Child, count, fill, h, number, short } from './dom.ts';
import { signCells, signsText } from './parts/matrix.ts';
import { verdictBadge, verdictText } from './words.ts';

/** Rows that stand in the document until more are asked for. */
const ROWS = 500;

/** In the order in which they are offered, where there are any. */
const VERDICTS: readonly PageVerdict[] = ['diverges', 'parts', 'agrees', 'same', 'not judged'];

/** The traces of a run, each with its judgement: a way into each of them. */
export class IndexView {
  readonly element: HTMLElement;
  readonly #filter = h('input', {
    type: 'search',
    id: 'filter',
    placeholder: 'path or title',
    autocomplete: 'off',
    'aria-keyshortcuts': '/',
  });
  readonly #verdict = h('select', { id: 'verdict' });
  readonly #body = h('tbody');
  readonly #counted = h('p', { role: 'status', class: 'faint' });
  readonly #more = h('button', { type: 'button', hidden: true });
  #shown = ROWS;

  constructor(readonly traces: readonly TraceSummary[]) {
    const verdicts = VERDICTS.filter((each) => traces.some(({ verdict }) => verdict === each));
    for (const verdict of ['all', ...verdicts] as const) {
      this.#verdict.append(h('option', { value: verdict }, this.#option(verdict)));
    }
    const isReplay = traces.every(({ kind }) => kind === 'replay');
    const rules = traces.every(({ kind }) => kind === 'many') ? (traces[0]?.rules ?? []) : [];
    const columns = isReplay
      ? ['judgement', 'trace', 'steps', 'divergences', 'broken promises', 'first']
      : rules.length > 0
        ? ['judgement', 'trace', 'steps']
        : ['judgement', 'trace', 'steps', 'parts at', 'end', 'first'];
    const sets = rules.map((name) => h('th', { scope: 'col', class: 'set' }, h('span', {}, name)));
    this.element = h(
      'main',
      { class: 'index' },
      h('h1', {}, count(traces.length, 'trace')),
      h(
        'p',
        { class: 'filters' },
        h('label', { for: 'filter' }, 'Filter '),
        this.#filter,
        ' ',
        h('label', { for: 'verdict' }, 'Judgement '),
        this.#verdict,
      ),
      this.#counted,
      rules.length > 0 && h('p', { class: 'faint' }, signsText(traces)),
      h(
        'div',
        { class: 'table', tabindex: 0, role: 'region', 'aria-label': 'Traces' },
        h(
          'table',
          {},
          h('caption', { class: 'unseen' }, 'Traces of the run'),
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              columns.map((name) => h('th', { scope: 'col' }, name)),
              sets,
            ),
          ),
          this.#body,
        ),
      ),
      this.#more,
    );
    this.#filter.addEventListener('input', () => this.#show(ROWS));
    this.#verdict.addEventListener('change', () => this.#show(ROWS));
    this.#more.addEventListener('click', () => this.#show(this.#shown + ROWS));
    this.#show(ROWS);
  }

  focusFilter(): void {
    this.#filter.focus();
  }

  #option(verdict: PageVerdict | 'all'): string {
    const of = this.traces.filter((trace) => verdict === 'all' || trace.verdict === verdict);
    return `${verdict === 'all' ? 'all' : verdictText(verdict)} (${number(of.length)})`;
  }

  #show(rows: number): void {
    this.#shown = rows;
    const wanted = this.#filter.value.trim().toLowerCase();
    const verdict = this.#verdict.value;
    const matching = [...this.traces.entries()].filter(([, trace]) => {
      const text = `${trace.path} ${trace.title ?? ''}`.toLowerCase();
      return text.includes(wanted) && (verdict === 'all' || trace.verdict === verdict);
    });
    const shown = matching.slice(0, rows);
    fill(
      this.#body,
      shown.map(([place, trace]) => row(place + 1, trace)),
    );
    this.#counted.textContent = `${count(matching.length, 'trace')}${wanted === '' && verdict === 'all' ? '' : ' match'}`;
    this.#more.hidden = shown.length === matching.length;
    this.#more.textContent = `Show more of ${number(matching.length)}`;
  }
}

/** What is counted of a trace, and what is the matter with it first. */
function countCells(trace: TraceSummary, to: (step: number) => string): HTMLElement[] {
  const { kind, divergences, followers, findings, first, end, problems } = trace;
  const matter: Child =
    first === null
      ? short(problems[0] ?? end ?? '', 160)
      : h('a', { href: to(first.step) }, `step ${number(first.step)}`);
  return [
    h(
      'td',
      { class: 'count' },
      divergences === 0 ? '–' : number(divergences),
      followers > 0 && ` +${number(followers)}`,
    ),
    kind === 'replay'
      ? h('td', { class: 'count' }, findings === 0 ? '–' : number(findings))
      : h('td', {}, end ?? '–'),
    h('td', {}, matter, first !== null && `: ${short(first.says, 160)}`),
  ];
}

function row(place: number, trace: TraceSummary): HTMLElement {
  const { kind, path, title, verdict, steps } = trace;
  const to = (step: number | null): string =>
    addressText({ trace: place, step, conn: null, sess: null, sets: null });
  const toSet = (set: number): string =>
    addressText({ trace: place, step: null, conn: null, sess: null, sets: [set] });
  return h(
    'tr',
    {},
    h('td', {}, verdictBadge(verdict)),
    h(
      'td',
      { class: 'path' },
      h('a', { href: to(null) }, short(path, 160)),
      title !== null && h('div', { class: 'faint' }, short(title, 200)),
    ),
    h('td', { class: 'count' }, number(steps)),
    kind === 'many' ? signCells(trace, toSet) : countCells(trace, to),
  );
}
