import type { World } from '../../engine/objects/world.ts';
import type { Side } from './side.ts';

/** What the world still allows to happen; part of the state. */
export interface Budget {
  /** Streams that may still be introduced. */
  streams: number;
  /** Allocations and steps that may still fail. */
  failures: number;
  /** Times that a stream which left its connection may still connect again. */
  retries: number;
}

/**
 * A state of the search: one world of the engine, or two that the same events happen to, and what
 * belongs to their surroundings. Sessions and streams are the same on both sides; a connection can
 * live on one of them only.
 */
export class Scene {
  readonly sides: readonly Side[];
  /** Whether anything comes when its time has come: only then are times part of the state. */
  readonly hasTimes: boolean;
  readonly budget: Budget = { streams: 0, failures: 0, retries: 0 };
  /** The thread of each session, by id; only with several threads. */
  readonly threads = new Map<string, number>();
  /** Streams of each session that have left their connection and may connect again, by its id. */
  readonly detached = new Map<string, number>();

  constructor(sides: readonly Side[], hasTimes: boolean) {
    this.sides = sides;
    this.hasTimes = hasTimes;
  }

  /** The first side, which always exists. */
  get side(): Side {
    const [side] = this.sides;
    if (!side) throw new Error('a scene without a side');
    return side;
  }

  /** The world of the first side. */
  get world(): World {
    return this.side.world;
  }
}
