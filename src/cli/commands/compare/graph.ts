import type { ComparedStep } from '../../../compare/index.ts';
import { PictureBuilder } from '../../../picture/index.ts';
import type { Selection } from '../../../report/data/select.ts';
import type { GlyphSetName } from '../../../report/drawing/glyphs.ts';
import { type ComparedRow, sideBySide } from '../../../report/drawing/side-by-side.ts';
import { KeptLines } from '../../reports/kept-lines.ts';
import type { CompareOptions } from './text.ts';

const NOTHING = { divergences: [], findings: [] } as const;

/** The steps that are told when it is known how many lanes there are: compressed. */
class KeptRows implements Iterable<ComparedRow> {
  readonly #lines = new KeptLines();

  add({ number, event, from, to, partings, changes }: ComparedRow): void {
    this.#lines.add(JSON.stringify({ number, event, from, to, partings, changes }));
  }

  *[Symbol.iterator](): Generator<ComparedRow> {
    for (let at = 0; at < this.#lines.count; at++) yield JSON.parse(this.#lines.at(at));
  }
}

/** Both sides of one trace, up to the first step at which they part. */
export class ComparedGraph {
  readonly #builders = { from: new PictureBuilder(), to: new PictureBuilder() };
  readonly #rows = new KeptRows();
  readonly #ids = new Set<string>();
  #hasParted = false;

  constructor(
    readonly glyphs: GlyphSetName,
    readonly selection: Pick<Selection, 'range' | 'only'>,
    readonly options: CompareOptions,
  ) {}

  /** Takes the next step, which has to tell what it changes. */
  add(step: ComparedStep, isMatched: boolean): void {
    const { changes } = step;
    if (this.#hasParted || changes === undefined) return;
    for (const side of ['from', 'to'] as const) {
      const { number, event } = step;
      const builder = this.#builders[side];
      builder.add({ number, event, outcome: step[side], changes: changes[side], ...NOTHING });
      for (const { cause } of step.partings) builder.part(cause);
    }
    this.#hasParted = step.partings.length > 0;
    if (!isMatched) return;
    this.#rows.add({ ...step, changes });
    for (const id of step.touches) this.#ids.add(id);
  }

  /** All of it, some lines at a time. */
  text(): Iterable<string> {
    const { range, only } = this.selection;
    const { from, to } = this.options;
    const part = {
      ...(range ?? {}),
      ...(only === null ? {} : { keeps: (id: string) => this.#ids.has(id) }),
    };
    const pictures = {
      from: this.#builders.from.layout(part),
      to: this.#builders.to.layout(part),
    };
    return sideBySide({ from, to, pictures, rows: this.#rows }, this.glyphs, this.options);
  }
}
