import type { DrawnStep } from '../../report/drawing/step-rows.ts';
import { KeptLines } from './kept-lines.ts';

/**
 * Steps that are told when all of a trace has been read: as JSON and compressed, without the ids
 * that they touch and without the whole state.
 */
export class KeptSteps implements Iterable<DrawnStep> {
  readonly #lines = new KeptLines();

  /** Keeps a step. */
  add({ step, part }: DrawnStep): void {
    const { touches: _, state: __, ...rest } = step;
    this.#lines.add(JSON.stringify({ part, step: rest }));
  }

  *[Symbol.iterator](): Generator<DrawnStep> {
    for (let at = 0; at < this.#lines.count; at++) {
      const { part, step }: DrawnStep = JSON.parse(this.#lines.at(at));
      yield { part, step: { ...step, touches: new Set(), state: undefined } };
    }
  }
}
