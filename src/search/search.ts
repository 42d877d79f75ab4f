import { ACTIONS_MAX, DISABLED, END, type Model, WORDS_MAX } from './model.ts';
import { NONE, StateStore } from './store.ts';

/** How far a search goes; what is left out does not bound it. */
export interface Bounds {
  /** Longest path, in actions. */
  readonly depth?: number | undefined;
  /** Most states stored. */
  readonly states?: number | undefined;
  /** Most bytes that the stored states may take. */
  readonly memory_bytes?: number | undefined;
}

/** Names of what can stop a search, besides its end. */
export type Stop = 'depth' | 'states' | 'memory';

/** The first path on which a property was found: the shortest one. */
export interface Discovery {
  readonly property: string;
  /** Place of the last state of the path in the store. */
  readonly from: number;
  /** The action that it was found at, taken from that state. */
  readonly action: number;
  /** Length of the path, that action included. */
  readonly depth: number;
}

/** How far a search has come. */
export interface Progress {
  /** Distinct states seen. */
  readonly states: number;
  /** States from which every action was taken. */
  readonly expanded: number;
  /** Actions taken. */
  readonly transitions: number;
  /** Length of the paths to the states that are expanded now. */
  readonly depth: number;
  /** Bytes that the stored states take, with links and table. */
  readonly bytes: number;
}

/**
 * Looks at a finding before it counts: the path to it is at hand, which the model does not know.
 * May open states of the model.
 */
export type Confirm = (search: Search, finding: Omit<Discovery, 'depth'>) => boolean;

/**
 * Breadth-first search of all states of a model, on one thread: the first path to anything is a
 * shortest one. Runs in slices, so that whoever asked can look up in between.
 */
export class Search {
  readonly store = new StateStore();
  /** What was found, by property, in the order of discovery. */
  readonly discoveries = new Map<string, Discovery>();
  readonly #model: Model;
  readonly #bounds: Bounds;
  readonly #confirm: Confirm | null;
  #cursor = 0;
  #levelEnd = 0;
  #depth = 0;
  #expanded = 0;
  #transitions = 0;
  #isCut = false;
  #stop: Stop | null = null;

  constructor(model: Model, bounds: Bounds = {}, confirm: Confirm | null = null) {
    this.#model = model;
    this.#bounds = bounds;
    this.#confirm = confirm;
    const length = model.initial();
    this.store.add(model.words, length, NONE, 0);
    this.#levelEnd = this.store.end;
  }

  /** True when there is nothing more to do. */
  get isOver(): boolean {
    return this.#stop !== null || this.#cursor >= this.store.end;
  }

  /** Every state within reach was expanded. */
  get isExhausted(): boolean {
    return this.#cursor >= this.store.end && this.stop === null;
  }

  /** The bound that kept the search from exhausting the model; null when none did. */
  get stop(): Stop | null {
    return this.#stop ?? (this.#isCut ? 'depth' : null);
  }

  get progress(): Progress {
    return {
      states: this.store.states,
      expanded: this.#expanded,
      transitions: this.#transitions,
      depth: this.#depth,
      bytes: this.store.bytes,
    };
  }

  /**
   * Expands states, at most as many as given.
   *
   * @param isEnough asked after each state that brought something to light; true ends the slice
   * @returns false when there is nothing more to do
   */
  run(slice: number, isEnough: () => boolean = () => false): boolean {
    for (let left = slice; left > 0 && !this.isOver; left--) {
      const known = this.discoveries.size;
      this.#expandNext();
      if (this.discoveries.size > known && isEnough()) break;
    }
    return !this.isOver;
  }

  /** Places of the states on the way to a state, the first one first, that state last. */
  pathTo(place: number): number[] {
    const path: number[] = [];
    for (let at = place; at !== NONE; at = this.store.parentOf(at)) path.push(at);
    return path.reverse();
  }

  #expandNext(): void {
    if (this.#cursor === this.#levelEnd) {
      this.#depth++;
      this.#levelEnd = this.store.end;
    }
    const place = this.#cursor;
    const { words, at, length } = this.store.read(place);
    const actions = this.#model.open(words, at, length);
    if (actions > ACTIONS_MAX) throw new RangeError(`a state offers ${actions} actions`);
    if (this.#depth === this.#bounds.depth) this.#isCut ||= actions > 0;
    else this.#takeAll(place, actions);
    if (this.#stop !== null) return;
    this.#expanded++;
    this.#cursor = this.store.next(place);
    const { memory_bytes = Number.POSITIVE_INFINITY } = this.#bounds;
    if (this.#cursor < this.store.end && this.store.bytesNext > memory_bytes) this.#stop = 'memory';
  }

  #takeAll(place: number, actions: number): void {
    const model = this.#model;
    const { states = Number.POSITIVE_INFINITY } = this.#bounds;
    for (let action = 0; action < actions; action++) {
      const length = model.take(action);
      if (length === DISABLED) continue;
      this.#transitions++;
      if (model.findings.length > 0) this.#note(place, action);
      if (length === END) continue;
      if (length > WORDS_MAX) throw new RangeError(`a state takes ${length} words`);
      const isNew = this.store.add(model.words, length, place, action);
      if (isNew && this.store.states > states) {
        this.#stop = 'states';
        return;
      }
    }
  }

  #isConfirmed(finding: Omit<Discovery, 'depth'>): boolean {
    const isReal = this.#confirm?.(this, finding) ?? true;
    const { words, at, length } = this.store.read(finding.from);
    this.#model.open(words, at, length);
    this.#model.take(finding.action);
    return isReal;
  }

  #note(from: number, action: number): void {
    // A confirmation may open other states, which have findings of their own.
    for (const property of [...this.#model.findings]) {
      if (this.discoveries.has(property)) continue;
      if (this.#confirm !== null && !this.#isConfirmed({ property, from, action })) continue;
      this.discoveries.set(property, { property, from, action, depth: this.#depth + 1 });
    }
  }
}
