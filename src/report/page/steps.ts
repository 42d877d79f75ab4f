import type { TraceEvent } from '../../format/index.ts';
import type { Picture } from '../../picture/picture.ts';
import { idText } from '../text/value.ts';
import { Block, packed } from './blocks.ts';
import { Numbers } from './names.ts';
import { differences, packPicture } from './picture.ts';
import type { RuleNumber } from './step.ts';
import type { PackedPicture, PackedTrace, ToldStep } from './told.ts';

/** Keys of an event that name objects. */
const ID_KEYS = ['strm', 'sess', 'conn', 'target', 'srv'] as const;

function idsOf(event: TraceEvent): string[] {
  const named = new Map<string, unknown>(Object.entries(event));
  return ID_KEYS.flatMap((key) => {
    const id = named.get(key);
    return typeof id === 'string' ? [id] : [];
  });
}

/**
 * Collects the steps of a trace as a page carries them. Memory grows with what they take in the page,
 * and a few numbers for each.
 */
export class StepPacker {
  readonly #names = new Numbers<string>((name) => name);
  readonly #rules = new Numbers<PackedTrace['rules'][number]>(([id]) => id);
  readonly #ruleLists = new Numbers<readonly number[]>((list) => list.join());
  readonly #numbers: number[] = [];
  readonly #at: number[] = [];
  readonly #events: number[] = [];
  readonly #idCounts: number[] = [];
  readonly #ids: number[] = [];
  readonly #lists: number[] = [];
  readonly #blocks: string[] = [];
  readonly #blockSteps: number[] = [];
  #block = new Block();

  /** The number of a rule that the steps name. */
  readonly ruleNumber: RuleNumber = ({ rule, fn, file, evidence }) =>
    this.#rules.of([rule, fn, file, evidence === 'read' ? 1 : 0]);

  get count(): number {
    return this.#numbers.length;
  }

  /**
   * Takes the next step.
   *
   * @param rules numbers of the rules that decided in it
   */
  add(number: number, event: TraceEvent, told: ToldStep, rules: readonly number[]): void {
    const ids = idsOf(event);
    this.#numbers.push(number);
    this.#at.push(event.at ?? -1);
    this.#events.push(this.#names.of(event.event));
    this.#idCounts.push(ids.length);
    for (const id of ids) this.#ids.push(this.#names.of(idText(id)));
    this.#lists.push(this.#ruleLists.of([...new Set(rules)]));
    this.#block.add(told);
    if (this.#block.isFull) this.#close();
  }

  #close(): void {
    if (this.#block.count === 0) return;
    this.#blocks.push(this.#block.pack());
    this.#blockSteps.push(this.#block.count);
    this.#block = new Block();
  }

  /** What the page opens with, and then its steps, each part as it stands in its element. */
  pack(pictures: readonly Picture[]): {
    readonly lanes: string;
    readonly blocks: readonly string[];
  } {
    this.#close();
    const nameOf = (name: string): number => this.#names.of(name);
    const packedPictures = new Numbers<PackedPicture>((picture) => JSON.stringify(picture));
    const bands = pictures.map((picture) => packedPictures.of(packPicture(picture, nameOf)));
    const lanes: PackedTrace = {
      names: this.#names.all,
      rules: this.#rules.all,
      ruleLists: this.#ruleLists.all,
      steps: {
        number: differences(this.#numbers),
        ...(this.#at.some((time) => time >= 0) ? { at: differences(this.#at) } : {}),
        event: this.#events,
        idCount: this.#idCounts,
        ids: this.#ids,
        rules: this.#lists,
        blocks: this.#blockSteps,
      },
      first: Math.min(...pictures.map(({ first }) => first)),
      last: Math.max(0, ...pictures.map(({ last }) => last)),
      pictures: packedPictures.all,
      bands,
    };
    return { lanes: packed(lanes), blocks: this.#blocks };
  }
}
