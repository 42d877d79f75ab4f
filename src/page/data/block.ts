import { BLOCK, type PackedBlock, type ToldStep } from '../../report/page/told.ts';
import { starts } from './columns.ts';

const PLACE = new RegExp(`${BLOCK.sign}(.)`, 'gs');

/** Some steps of a trace; each is made when it is asked for. */
export class Block {
  readonly #packed: PackedBlock;
  readonly #starts: Int32Array;

  constructor(packed: PackedBlock) {
    this.#packed = packed;
    this.#starts = starts(packed.valueCount);
  }

  /** A step by its place in the block; null where there is none. */
  step(place: number): ToldStep | null {
    const { forms, formOf, values } = this.#packed;
    const form = forms[formOf[place] ?? -1];
    if (form === undefined) return null;
    const start = this.#starts[place] ?? 0;
    const text = form.replace(PLACE, (_, sign: string) =>
      String(values[start + sign.charCodeAt(0) - BLOCK.firstPlace]),
    );
    return JSON.parse(text);
  }
}
