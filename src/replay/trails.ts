import type { Entity } from '../engine/objects/step-log.ts';
import type { World } from '../engine/objects/world.ts';
import type { TraceEvent } from '../format/index.ts';
import type { TrailStep } from './result.ts';

/** The last few steps that touched one object. Fields, and no array: it shifts at most steps. */
class Trail {
  oldest: TrailStep | null = null;
  middle: TrailStep | null = null;

  constructor(public newest: TrailStep) {}

  push(step: TrailStep): void {
    this.oldest = this.middle;
    this.middle = this.newest;
    this.newest = step;
  }
}

/** The last few steps that touched each live object. */
export class Trails {
  readonly #trails = new Map<Entity, Trail>();

  /** The objects of another world stand for those of the same kind and name. */
  moveTo({ connections, sessions, servers }: World): void {
    const all = { conn: connections, sess: sessions, srv: servers } as const;
    for (const [entity, trail] of [...this.#trails]) {
      this.#trails.delete(entity);
      const other = all[entity.kind].get(entity.id);
      if (other) this.#trails.set(other, trail);
    }
  }

  /** Earlier steps that touched the object, oldest first. */
  of(entity: Entity | undefined): readonly TrailStep[] {
    const trail = entity && this.#trails.get(entity);
    if (!trail) return [];
    return [trail.oldest, trail.middle, trail.newest].filter((step) => step !== null);
  }

  /** A step has touched the objects; those that are freed are forgotten. */
  add(number: number, line: number, event: TraceEvent, touched: readonly Entity[]): void {
    if (touched.length === 0) return;
    const step = { number, line, event: withoutExpect(event) };
    for (const entity of touched) {
      if (entity.kind !== 'srv' && entity.freed) {
        this.#trails.delete(entity);
        continue;
      }
      const trail = this.#trails.get(entity);
      if (trail) trail.push(step);
      else this.#trails.set(entity, new Trail(step));
    }
  }
}

/** The event without its expectation, which is most of it and would be kept alive for long. */
function withoutExpect(event: TraceEvent): TraceEvent {
  if (event.expect === undefined) return event;
  const { expect: _, ...rest } = event;
  return rest;
}
