import { addressOf, addressText, followAddress, parseAddress } from './address.ts';
import type { Subject } from './data/band.ts';
import type { Trace } from './data/trace.ts';
import { fill, h, long, short } from './dom.ts';
import { stepToOpen } from './lanes/marks.ts';
import { describeAt } from './lanes/tell.ts';
import { LanesView } from './lanes/view.ts';
import { cameOf, stepDetails } from './parts/details.ts';
import { Jump } from './parts/jump.ts';
import { laneDetails } from './parts/lane-details.ts';
import { Legend } from './parts/legend.ts';
import { firstBands, Matrix } from './parts/matrix.ts';
import type { Ways } from './parts/pieces.ts';
import { SearchBox } from './parts/search-box.ts';
import { StepsTable } from './parts/steps-table.ts';
import { State } from './state.ts';
import { countsText, verdictBadge } from './words.ts';

/** An open trace: its lanes, what the chosen step did, and the ways between them. */
export class TraceView {
  readonly element: HTMLElement;
  readonly state: State;
  readonly search: SearchBox;
  readonly #lanes: LanesView;
  readonly #legend: Legend;
  readonly #details = h('aside', {
    class: 'details',
    'aria-label': 'Details of the chosen step',
    tabindex: 0,
  });
  readonly #told = h('p', { id: 'told', class: 'unseen', role: 'status' });
  readonly #ways: Ways;

  /** @param place of the trace in the run, from 1; null when it is the only one */
  constructor(
    readonly trace: Trace,
    readonly place: number | null,
  ) {
    this.state = new State(trace, firstBands(trace));
    this.#ways = {
      toStep: (step) =>
        addressText({ ...addressOf(this.state, this.place), step, conn: null, sess: null }),
      toSubject: (subject) => this.#choose(subject),
    };
    this.#lanes = new LanesView(this.state);
    this.#legend = new Legend(trace);
    this.search = new SearchBox(this.state, () => this.#lanes.focus());
    const table = new StepsTable(this.state, this.#ways);
    const jump = new Jump(this.#lanes);
    new ResizeObserver(() => jump.update()).observe(this.#lanes.element);
    this.element = h(
      'main',
      { class: 'trace' },
      h('div', { class: 'heading' }, this.#title(), this.#problems(), this.#matrix(), jump.element),
      this.#lanes.element,
      this.#details,
      h('div', { class: 'below' }, this.#legend.element, table.element),
      this.#told,
    );
    this.state.listen((change) => {
      if (change === 'bands') jump.update();
      if (change === 'found') return;
      this.#rememberPlace();
      void this.#tell();
    });
    this.#open();
    // How long it took is there for whoever measures it.
    void this.#tell().then(() => performance.mark('open'));
  }

  /** Goes where the address leads; if it names no step, to the one that matters. */
  #open(): void {
    const address = parseAddress(location.hash);
    const { state, trace } = this;
    followAddress(state, address);
    if (address.step !== null) return;
    const [, later] = state.shown;
    // Under many rule sets two that part are shown: what the second does not have in common with others
    // is of no interest yet.
    const parting = later === undefined ? undefined : trace.summary.rows?.[later]?.parts[0]?.step;
    const marks = state.shown.flatMap((band) => trace.bands[band]?.marks ?? []);
    const step = parting ?? stepToOpen(marks);
    if (step !== null) state.goTo({ row: trace.rowOf(step) });
  }

  /** Goes where the address of the page leads. */
  followAddress(): void {
    followAddress(this.state, parseAddress(location.hash));
  }

  recolour(): void {
    this.#lanes.recolour();
    this.#legend.recolour();
  }

  focus(): void {
    this.#lanes.focus();
  }

  /** Does what a key stands for; false when it stands for nothing. */
  key(key: string): boolean {
    const { state } = this;
    const { row } = state.place;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => state.goTo({ row: row - 1 }),
      ArrowRight: () => state.goTo({ row: row + 1 }),
      ArrowUp: () => this.#lanes.goLane(-1),
      ArrowDown: () => this.#lanes.goLane(1),
      Home: () => state.goTo({ row: 0 }),
      End: () => state.goTo({ row: this.trace.count - 1 }),
      n: () => this.#goToMark(1),
      p: () => this.#goToMark(-1),
      '/': () => this.search.focus(),
      '+': () => this.#lanes.zoom(1),
      '=': () => this.#lanes.zoom(1),
      '-': () => this.#lanes.zoom(-1),
      '0': () => this.#lanes.whole(),
      Escape: () => state.goTo({ subject: null }),
    };
    const does = Object.hasOwn(keys, key) ? keys[key] : undefined;
    does?.();
    return does !== undefined;
  }

  /** The next mark, or the first one if the chosen step is before it and has one itself. */
  #goToMark(by: 1 | -1): void {
    const { state } = this;
    if (!state.goAmong(state.marked, by)) {
      this.#told.textContent = by === 1 ? 'no mark after this step' : 'no mark before this step';
    }
  }

  #choose(subject: Subject): void {
    this.state.goTo({ subject });
    this.#lanes.focus();
  }

  #title(): HTMLElement {
    const { summary } = this.trace;
    const { path, title, rules, verdict, kind } = summary;
    const sets = kind === 'many' || rules.length === 0 ? '' : `; rules ${rules.join(' → ')}`;
    return h(
      'div',
      {},
      h('h1', {}, verdictBadge(verdict), ' ', short(path, 120)),
      title !== null && h('p', { class: 'title' }, long(title, 300)),
      h('p', { class: 'faint' }, countsText(summary) + sets),
    );
  }

  #matrix(): HTMLElement | null {
    if (this.trace.summary.kind !== 'many') return null;
    return new Matrix(this.state, this.#ways).element;
  }

  #problems(): HTMLElement | null {
    const { problems } = this.trace.summary;
    if (problems.length === 0) return null;
    return h(
      'div',
      { class: 'problems', role: 'note' },
      h(
        'strong',
        {},
        this.trace.count === 0
          ? 'Nothing of it could be read:'
          : 'It could not be read on after its last step:',
      ),
      h(
        'ul',
        {},
        problems.map((problem) => h('li', {}, long(problem, 400))),
      ),
    );
  }

  #rememberPlace(): void {
    const address = addressText(addressOf(this.state, this.place));
    if (address === location.hash) return;
    history.replaceState(null, '', address);
  }

  async #tell(): Promise<void> {
    const { state, trace } = this;
    const { row, subject } = state.place;
    const told = await trace.step(row);
    if (row !== state.place.row) return;
    const step = trace.numberOf(row);
    const lane = state.place.subject;
    if (told === null)
      fill(this.#details, h('h2', {}, 'No step'), h('p', {}, 'This trace has no step to show.'));
    else {
      fill(
        this.#details,
        lane === null ? null : laneDetails(trace, lane, step, this.#ways),
        stepDetails(trace, row, told, state.shown, this.#ways),
      );
    }
    const came = told === null ? '' : cameOf(told, state.shown).join(' | ');
    const event = `step ${step} of ${trace.last}: ${trace.name(trace.events[row])} ${short(told?.ids ?? '', 80)} ${came}`;
    const where = subject === null ? '' : `; ${describeAt(trace, subject, step)}`;
    this.#told.textContent = told === null ? 'no step' : event + where;
  }
}
