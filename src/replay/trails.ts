import type { Entity } from '../engine/step-log.ts';
import type { TrailStep } from './result.ts';

/** How many earlier steps a divergence shows. */
const TRAIL_STEPS = 3;

/** The last few steps that touched each live object. */
export class Trails {
  readonly #steps = new Map<Entity, TrailStep[]>();

  /** Earlier steps that touched the object, oldest first. */
  of(entity: Entity | undefined): readonly TrailStep[] {
    return entity ? [...(this.#steps.get(entity) ?? [])] : [];
  }

  /** A step has touched the objects; those that are freed are forgotten. */
  add(step: TrailStep, touched: readonly Entity[]): void {
    for (const entity of touched) {
      if (entity.kind !== 'srv' && entity.freed) {
        this.#steps.delete(entity);
        continue;
      }
      const steps = this.#steps.get(entity);
      if (!steps) {
        this.#steps.set(entity, [step]);
        continue;
      }
      if (steps.length === TRAIL_STEPS) steps.shift();
      steps.push(step);
    }
  }
}
