import type { PackedBlock, PackedTrace, ToldStep, TraceSummary } from '../../report/page/told.ts';
import { Band, type Subject } from './band.ts';
import { Block } from './block.ts';
import { placeAfter, starts, summed } from './columns.ts';
import type { PackedElements } from './elements.ts';
import { inflated } from './inflate.ts';

/** Blocks of steps that are kept inflated. */
const BLOCKS_MAX = 8;

/** A trace that is open. Its steps are known by their rows: from 0, without those left out. */
export class Trace {
  readonly summary: TraceSummary;
  readonly names: readonly string[];
  readonly rules: PackedTrace['rules'];
  readonly ruleLists: PackedTrace['ruleLists'];
  readonly first: number;
  readonly last: number;
  readonly bands: readonly Band[];
  /** The number of each step. */
  readonly numbers: Int32Array;
  /** Milliseconds, by row; null: the trace tells none. */
  readonly at: Int32Array | null;
  readonly events: readonly number[];
  readonly ids: readonly number[];
  readonly idStart: Int32Array;
  readonly ruleList: readonly number[];
  readonly #blockStart: Int32Array;
  readonly #blocks: readonly Element[];
  readonly #inflated = new Map<number, Promise<Block>>();

  private constructor(packed: PackedTrace, { summary, steps: blocks }: PackedElements) {
    const { steps } = packed;
    this.summary = summary;
    this.names = packed.names;
    this.rules = packed.rules;
    this.ruleLists = packed.ruleLists;
    this.first = packed.first;
    this.last = packed.last;
    const pictures = packed.pictures.map((picture) => new Band(picture));
    this.bands = packed.bands.flatMap((at) => pictures[at] ?? []);
    this.numbers = summed(steps.number);
    this.at = steps.at === undefined ? null : summed(steps.at);
    this.events = steps.event;
    this.ids = steps.ids;
    this.idStart = starts(steps.idCount);
    this.ruleList = steps.rules;
    this.#blockStart = starts(steps.blocks);
    this.#blocks = blocks;
  }

  /** Opens a trace: what its lanes need is read, its steps are not. */
  static async open(elements: PackedElements): Promise<Trace> {
    return new Trace(await inflated<PackedTrace>(elements.lanes), elements);
  }

  /** How many steps it has. */
  get count(): number {
    return this.numbers.length;
  }

  /** The name of the rule set of a band. */
  rulesOf(band: number): string {
    return this.summary.rules[band] ?? '';
  }

  name(number: number | undefined): string {
    return number === undefined || number < 0 ? '' : (this.names[number] ?? '');
  }

  /** The row of a step, or of the nearest one before it; -1 without any. */
  rowOf(step: number): number {
    const row = placeAfter(this.numbers, step) - 1;
    return row < 0 && this.count > 0 ? 0 : row;
  }

  /** The number of the step of a row. */
  numberOf(row: number): number {
    return this.numbers[row] ?? 0;
  }

  /** All of a step. */
  async step(row: number): Promise<ToldStep | null> {
    const block = placeAfter(this.#blockStart, row) - 1;
    const steps = await this.#block(block);
    return steps?.step(row - (this.#blockStart[block] ?? 0)) ?? null;
  }

  #block(block: number): Promise<Block | null> {
    const known = this.#inflated.get(block);
    const element = this.#blocks[block];
    if (element === undefined) return Promise.resolve(null);
    const steps = known ?? inflated<PackedBlock>(element).then((packed) => new Block(packed));
    // The one that was asked for last is the last one to go.
    this.#inflated.delete(block);
    this.#inflated.set(block, steps);
    const [oldest] = this.#inflated.keys();
    if (this.#inflated.size > BLOCKS_MAX && oldest !== undefined) this.#inflated.delete(oldest);
    return steps;
  }

  /** The id of an object. */
  idOf({ band, kind, place }: Subject): string {
    const objects = this.bands[band]?.[kind === 'conn' ? 'connections' : 'sessions'];
    return this.name(objects?.id[place]);
  }

  /** The object of an id that is there at a step, or else the first one that is called so. */
  subjectOf(band: number, kind: Subject['kind'], id: string, step: number): Subject | null {
    const name = this.names.indexOf(id);
    const objects = this.bands[band]?.[kind === 'conn' ? 'connections' : 'sessions'];
    if (name === -1 || objects === undefined) return null;
    let found: Subject | null = null;
    for (let place = 0; place < objects.id.length; place++) {
      if (objects.id[place] !== name) continue;
      if (found === null || (objects.from[place] ?? 0) <= step) found = { band, kind, place };
    }
    return found;
  }
}
