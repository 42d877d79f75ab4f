import { addressText, parseAddress } from './address.ts';
import { packedTraces } from './data/elements.ts';
import { Trace } from './data/trace.ts';
import { fill, h, short } from './dom.ts';
import { IndexView } from './index-view.ts';
import { helpDialog } from './parts/help.ts';
import { themeSwitch } from './theme.ts';
import { TraceView } from './trace-view.ts';

const NOTHING = { trace: null, step: null, conn: null, sess: null, sets: null } as const;

/** The page: the index of its traces, or one of them. */
class Page {
  readonly #traces = packedTraces(document);
  readonly #root: Element;
  readonly #help = helpDialog();
  readonly #theme = themeSwitch(() => this.#view?.recolour());
  readonly #index: IndexView | null;
  #view: TraceView | null = null;
  /** The place of the open trace; null while there is none. */
  #open: number | null = null;

  constructor(root: Element) {
    this.#root = root;
    const summaries = this.#traces.map(({ summary }) => summary);
    this.#index = summaries.length === 1 ? null : new IndexView(summaries);
    document.addEventListener('keydown', (event) => this.#key(event));
    addEventListener('hashchange', () => void this.#follow());
  }

  start(): Promise<void> {
    return this.#follow();
  }

  async #follow(): Promise<void> {
    const place = this.#index === null ? 1 : parseAddress(location.hash).trace;
    const elements = this.#traces[(place ?? 0) - 1];
    if (place === null || elements === undefined) return this.#showIndex();
    if (this.#open === place) {
      this.#view?.followAddress();
      return;
    }
    this.#open = place;
    const trace = await Trace.open(elements);
    if (this.#open !== place) return;
    this.#view = new TraceView(trace, this.#index === null ? null : place);
    document.title = `${short(trace.summary.title ?? trace.summary.path, 80)} – replay`;
    const back = addressText(NOTHING);
    fill(
      this.#root,
      this.#head(
        this.#index !== null && h('a', { href: back, class: 'back' }, 'All traces'),
        this.#view.search.element,
      ),
      this.#view.element,
      this.#help,
    );
    this.#view.focus();
  }

  #showIndex(): void {
    this.#open = null;
    this.#view = null;
    document.title = 'Traces – replay';
    const empty = h(
      'main',
      { class: 'index' },
      h('h1', {}, 'No trace'),
      h('p', {}, 'No trace could be read.'),
    );
    const isEmpty = this.#traces.length === 0;
    fill(this.#root, this.#head(), isEmpty ? empty : this.#index?.element, this.#help);
  }

  #head(...children: Parameters<typeof fill>[1][]): HTMLElement {
    const keys = h(
      'button',
      { type: 'button', title: 'Keys', onclick: () => this.#help.showModal() },
      '?',
    );
    keys.setAttribute('aria-label', 'Keys');
    return h('header', {}, ...children, h('span', { class: 'space' }), this.#theme, keys);
  }

  #key(event: KeyboardEvent): void {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || this.#help.open) return;
    const isTyping = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (isTyping) return;
    if (key === '?') this.#help.showModal();
    else if (this.#view !== null) {
      // What scrolls by itself goes on doing so.
      const scrolls = target instanceof Element && target.closest('.details, .table') !== null;
      if (scrolls && (key === 'ArrowUp' || key === 'ArrowDown' || key === 'Home' || key === 'End'))
        return;
      if (!this.#view.key(key)) return;
    } else if (key === '/' && this.#index !== null) this.#index.focusFilter();
    else return;
    event.preventDefault();
  }
}

const root = document.getElementById('page');
if (root !== null) void new Page(root).start();
