import { type Found, search } from '../data/search.ts';
import { count, fill, h, number, short } from '../dom.ts';
import type { State } from '../state.ts';

const WHAT: Readonly<Record<Found['what'], string>> = {
  step: 'step',
  connection: 'connection',
  session: 'session',
  event: 'event',
  rule: 'rule',
  object: 'object',
};

/** Finds events, rules and the ids of all objects; Enter goes from one step to the next. */
export class SearchBox {
  readonly element: HTMLElement;
  readonly #input = h('input', {
    type: 'search',
    id: 'search',
    placeholder: 'id, event, rule, step',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-keyshortcuts': '/',
    'aria-describedby': 'found',
  });
  readonly #found = h('p', { id: 'found', class: 'found', role: 'status' });
  readonly #list = h('ul', { class: 'results', hidden: true });
  #results: readonly Found[] = [];

  /** @param done takes the focus when the search is over */
  constructor(
    readonly state: State,
    readonly done: () => void,
  ) {
    this.element = h(
      'search',
      {},
      h('label', { for: 'search', class: 'unseen' }, 'Search'),
      this.#input,
      this.#found,
      this.#list,
    );
    this.#input.addEventListener('input', () => this.#search());
    this.#input.addEventListener('focus', () => this.#search());
    this.#input.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('focusout', (event) => {
      const to = event.relatedTarget;
      if (!(to instanceof Node && this.element.contains(to))) this.#list.hidden = true;
    });
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  #search(): void {
    const { found, more } = search(this.state.trace, this.#input.value);
    this.#results = found;
    const isEmpty = this.#input.value.trim() === '';
    fill(
      this.#list,
      found.map((each) => h('li', {}, this.#button(each))),
      more > 0 && h('li', { class: 'faint' }, `and ${count(more, 'name')} more`),
      found.length === 0 && !isEmpty && h('li', { class: 'faint' }, 'nothing is called so'),
    );
    this.#list.hidden = isEmpty;
    if (isEmpty) this.#choose(null);
  }

  #button(found: Found): HTMLElement {
    const { what, name, rows } = found;
    return h(
      'button',
      { type: 'button', onclick: () => this.#take(found) },
      h('span', { class: 'what' }, WHAT[what]),
      ' ',
      h('strong', {}, short(name, 60)),
      what !== 'step' && ` ${count(rows.length, 'step')}`,
    );
  }

  #take(found: Found): void {
    this.#choose(found);
    this.#list.hidden = true;
    this.done();
  }

  /** Goes to the first step of what was found, and marks all of them. */
  #choose(found: Found | null): void {
    const { state } = this;
    if (found === null) {
      if (state.found !== null) state.find(null);
      this.#found.textContent = '';
      return;
    }
    state.find({ says: found.name, rows: found.rows });
    const [first] = found.rows;
    const lane = found.lane;
    const band = state.shown[0] ?? 0;
    state.goTo({
      ...(first === undefined ? {} : { row: first }),
      ...(lane === undefined ? {} : { subject: { band, kind: lane.kind, place: lane.place } }),
    });
    this.#tell();
  }

  #tell(): void {
    const { found, place } = this.state;
    if (found === null) return;
    const at = found.rows.indexOf(place.row) + 1;
    this.#found.textContent = `${number(at)} of ${number(found.rows.length)}`;
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      this.#list.hidden = true;
      this.done();
    } else if (event.key === 'ArrowDown') {
      this.#list.querySelector('button')?.focus();
      event.preventDefault();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.#enter(event.shiftKey);
    }
  }

  #enter(isBack: boolean): void {
    const [first] = this.#results;
    const { found } = this.state;
    if (first === undefined) return;
    if (found === null || found.says !== first.name) this.#choose(first);
    else {
      const { rows } = found;
      const moved = this.state.goAmong(rows, isBack ? -1 : 1);
      const round = isBack ? rows.at(-1) : rows[0];
      if (!moved && round !== undefined) this.state.goTo({ row: round });
      this.#tell();
    }
    this.#list.hidden = true;
  }
}
