import type { FailName, TraceEvent } from '../../format/index.ts';
import { CONN_NAMES, freeName, STRM_NAMES } from '../state/names.ts';
import type { Scene } from '../state/scene.ts';
import { type Choices, failSets, type Move } from './choices.ts';

/** Collects what can happen next in a scene. */
export class MoveList {
  readonly moves: Move[] = [];
  readonly #sets = new Map<string, readonly FailName[][]>();

  constructor(
    readonly scene: Scene,
    readonly choices: Choices,
  ) {}

  /** Something happens, and nothing fails. */
  add(event: TraceEvent): void {
    this.moves.push({ event, failures: 0 });
  }

  /** Something happens, and any of these allocations may fail in it. */
  addFailing(event: TraceEvent, kinds: readonly FailName[], spent = 0): void {
    const left = this.scene.budget.failures - spent;
    if (left <= 0 || this.choices.fail.size === 0) {
      this.moves.push({ event, failures: spent });
      return;
    }
    for (const fail of this.#failSets(kinds, left)) {
      const failing = fail.length === 0 ? event : { ...event, fail };
      this.moves.push({ event: failing, failures: spent + fail.length });
    }
  }

  #failSets(kinds: readonly FailName[], most: number): readonly FailName[][] {
    const key = `${most} ${kinds.join()}`;
    let sets = this.#sets.get(key);
    if (!sets) {
      const allowed = kinds.filter((kind) => this.choices.fail.has(kind));
      sets = failSets(allowed, most);
      this.#sets.set(key, sets);
    }
    return sets;
  }

  /** What a new connection is called. */
  newConn(): string {
    const { sides } = this.scene;
    return freeName(CONN_NAMES, (name) =>
      sides.some(({ conns }) => conns.some((conn) => conn?.id === name)),
    );
  }

  /** What a new stream is called. */
  newStream(): string {
    const { sides } = this.scene;
    return freeName(STRM_NAMES, (name) =>
      sides.some(({ streams }) => streams.some((cs) => cs?.strm === name)),
    );
  }
}
