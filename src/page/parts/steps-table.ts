import type { PackedMark, ToldStep } from '../../report/page/told.ts';
import { count, fill, h, number, short } from '../dom.ts';
import { MARKS } from '../lanes/marks.ts';
import type { State } from '../state.ts';
import { cameOf } from './details.ts';
import type { Ways } from './pieces.ts';

/** Rows that stand in the document at a time. */
const ROWS = 50;

/** All steps as a table, some rows at a time: what the lanes show, to be read and heard. */
export class StepsTable {
  readonly element: HTMLDetailsElement;
  readonly #body = h('tbody');
  readonly #where = h('span', { role: 'status' });
  readonly #table: HTMLTableElement;
  readonly #marks = new Map<number, PackedMark[]>();
  #start = 0;

  constructor(
    readonly state: State,
    readonly ways: Ways,
  ) {
    const { trace } = state;
    for (const mark of trace.bands.flatMap(({ marks }) => marks)) {
      const known = this.#marks.get(mark.step) ?? [];
      if (!known.some(({ kind, says }) => kind === mark.kind && says === mark.says)) {
        this.#marks.set(mark.step, [...known, mark]);
      }
    }
    const columns = ['step', 'event', 'objects and inputs', 'outcome', 'marks'];
    this.#table = h(
      'table',
      { class: 'steps', 'aria-rowcount': trace.count + 1 },
      h('caption', { class: 'unseen' }, 'Steps of the trace'),
      h(
        'thead',
        {},
        h(
          'tr',
          { 'aria-rowindex': 1 },
          columns.map((name) => h('th', { scope: 'col' }, name)),
        ),
      ),
      this.#body,
    );
    const turn = (text: string, by: number): HTMLElement =>
      h('button', { type: 'button', onclick: () => this.#turn(by) }, text);
    this.element = h(
      'details',
      { class: 'all-steps' },
      h('summary', {}, `All ${count(trace.count, 'step')} as a table`),
      h('p', { class: 'turn' }, turn('← earlier', -ROWS), this.#where, turn('later →', ROWS)),
      h('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': 'Steps' }, this.#table),
    );
    this.element.addEventListener('toggle', () => this.#follow());
    state.listen((change) => {
      if (change === 'place') this.#follow();
    });
  }

  /** The chosen step is among the rows. */
  #follow(): void {
    if (!this.element.open) return;
    const { row } = this.state.place;
    const isSeen =
      this.#body.childElementCount > 0 && row >= this.#start && row < this.#start + ROWS;
    if (!isSeen) this.#start = Math.max(0, row - ROWS / 2);
    void this.#fill();
  }

  #turn(by: number): void {
    const last = Math.max(0, this.state.trace.count - ROWS);
    this.#start = Math.max(0, Math.min(last, this.#start + by));
    void this.#fill();
  }

  async #fill(): Promise<void> {
    const { trace } = this.state;
    const start = this.#start;
    const rows = Array.from({ length: Math.min(ROWS, trace.count - start) }, (_, at) => start + at);
    const told = await Promise.all(rows.map((row) => trace.step(row)));
    if (start !== this.#start) return;
    fill(
      this.#body,
      rows.map((row, at) => this.#row(row, told[at] ?? null)),
    );
    const [first, last] = [trace.numberOf(start), trace.numberOf(start + rows.length - 1)];
    this.#where.textContent =
      rows.length === 0 ? 'no step' : `steps ${number(first)} to ${number(last)}`;
  }

  #row(row: number, told: ToldStep | null): HTMLElement {
    const { trace, place } = this.state;
    const step = trace.numberOf(row);
    const isHere = row === place.row;
    const marks = (this.#marks.get(step) ?? []).map(
      ({ kind, says }) => `${MARKS[kind].says} ${says}`,
    );
    const came = told === null ? '' : cameOf(told, this.state.shown).join(' | ');
    const inputs = told === null ? '' : [told.ids, ...told.inputs].join(' ');
    const link = h(
      'a',
      { href: this.ways.toStep(step), 'aria-current': isHere && 'step' },
      number(step),
    );
    return h(
      'tr',
      { 'aria-rowindex': row + 2, class: isHere ? 'here' : null },
      h('td', {}, link),
      h('td', {}, trace.name(trace.events[row])),
      h('td', {}, short(inputs, 120)),
      h('td', {}, short(came, 80)),
      h('td', { class: marks.length > 0 ? 'marked' : null }, short(marks.join('; '), 120)),
    );
  }
}
