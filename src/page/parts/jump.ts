import { fill, h, short } from '../dom.ts';
import type { LanesView } from '../lanes/view.ts';

/** Leads to the lanes of sessions, or of connections to a server, where not all are seen at once. */
export class Jump {
  readonly #select = h('select', { id: 'jump' });
  readonly element = h('label', { class: 'jump', hidden: true }, 'Go to lanes of ', this.#select);

  constructor(readonly lanes: LanesView) {
    this.#select.addEventListener('change', () => {
      if (this.#select.value !== '') lanes.showRow(Number(this.#select.value));
      this.#select.value = '';
    });
  }

  /** The lanes have changed, or the room that they have. */
  update(): void {
    const { headings } = this.lanes.rows;
    this.element.hidden = !this.lanes.isLong || headings.length < 2;
    const options = headings.map(({ at, says }) => h('option', { value: at }, short(says, 60)));
    fill(this.#select, h('option', { value: '' }, '…'), options);
  }
}
