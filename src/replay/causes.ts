import type { Entity } from '../engine/objects/step-log.ts';
import type { Subject } from './result.ts';

/**
 * Which objects have diverged, and at which step for the first time. What diverges on one of
 * them later, or in a step that works on one of them, merely follows.
 */
export class Causes {
  readonly #steps = new Map<string, number>();

  /** The step of the first cause that touches one of the objects, or null. */
  of(keys: Iterable<string>): number | null {
    if (this.#steps.size === 0) return null;
    let first: number | null = null;
    for (const key of keys) {
      const step = this.#steps.get(key);
      if (step !== undefined && (first === null || step < first)) first = step;
    }
    return first;
  }

  /** An object has diverged because of what happened at a step. */
  spread(key: string, step: number): void {
    if (!this.#steps.has(key)) this.#steps.set(key, step);
  }

  /** Has anything diverged at all? */
  get any(): boolean {
    return this.#steps.size > 0;
  }
}

/** Key of an object of the model. */
export function causeKey(object: Entity | Subject | { kind: 'strm'; id: string }): string {
  return `${object.kind} ${object.id}`;
}
