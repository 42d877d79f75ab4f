import { type Batch, type Expansion, ExpansionReader } from './expand.ts';
import { DISABLED, END, type Model } from './model.ts';
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
 * Breadth-first search of all states of a model: the first path to anything is a shortest one. Runs
 * in slices, so that whoever asked can look up in between. States may be handed out to be expanded
 * elsewhere: what comes of them is taken in the order of the states, so that nothing depends on it.
 */
export class Search {
  readonly store = new StateStore();
  /** What was found, by property, in the order of discovery. */
  readonly discoveries = new Map<string, Discovery>();
  readonly #model: Model;
  readonly #bounds: Bounds;
  readonly #confirm: Confirm | null;
  #cursor = 0;
  /** The first state that is not handed out; never before the cursor. */
  #handed = 0;
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
    this.store.add(model.words, 0, length, NONE, 0);
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

  /**
   * Hands out states that are to be expanded next, to be given back by `merge` in the same order.
   *
   * @param max how many at most
   * @returns null when there are none before others are given back
   */
  handOut(max: number): Batch | null {
    if (this.isOver) return null;
    this.#enterLevel();
    const words: number[] = [];
    let states = 0;
    for (; states < max && this.#handed < this.#levelEnd; states++) {
      const { words: chunk, at, length } = this.store.read(this.#handed);
      words.push(length);
      for (let word = at; word < at + length; word++) words.push(chunk[word] ?? 0);
      this.#handed = this.store.next(this.#handed);
    }
    if (states === 0) return null;
    return { words: Uint32Array.from(words), states, takes: this.#depth !== this.#bounds.depth };
  }

  /**
   * Takes what came of the states that were handed out first, state by state until one has brought
   * something to light that is enough, or a bound is met; then the rest is dropped.
   *
   * @returns false when there is nothing more to do
   */
  merge(expansion: Expansion, states: number, isEnough: () => boolean = () => false): boolean {
    const reader = new ExpansionReader(expansion);
    for (let left = states; left > 0 && !this.isOver; left--) {
      const known = this.discoveries.size;
      const place = this.#cursor;
      reader.nextState();
      this.#countActions(reader.offered);
      while (this.#stop === null && reader.nextAction()) {
        const { action, words, at, length, findings } = reader;
        this.#follow(place, action, words, at, length, findings);
      }
      this.#finish(place);
      if (this.discoveries.size > known && isEnough()) break;
    }
    return !this.isOver;
  }

  #expandNext(): void {
    this.#enterLevel();
    const place = this.#cursor;
    const { words, at, length } = this.store.read(place);
    const actions = this.#model.open(words, at, length);
    this.#countActions(actions);
    if (this.#depth !== this.#bounds.depth) this.#takeAll(place, actions);
    this.#finish(place);
    this.#handed = this.#cursor;
  }

  /** The next level begins when nothing is left of the one before. */
  #enterLevel(): void {
    if (this.#cursor !== this.#levelEnd) return;
    this.#depth++;
    this.#levelEnd = this.store.end;
  }

  #countActions(actions: number): void {
    if (this.#depth === this.#bounds.depth) this.#isCut ||= actions > 0;
  }

  #takeAll(place: number, actions: number): void {
    const model = this.#model;
    for (let action = 0; action < actions && this.#stop === null; action++) {
      const length = model.take(action);
      if (length === DISABLED) continue;
      this.#follow(place, action, model.words, 0, length, model.findings);
    }
  }

  /** An action was taken from a state: what it has brought to light, and where it leads. */
  #follow(
    place: number,
    action: number,
    words: Uint32Array,
    at: number,
    length: number,
    findings: readonly string[],
  ): void {
    this.#transitions++;
    if (findings.length > 0) this.#note(place, action, findings);
    if (length === END) return;
    const { states = Number.POSITIVE_INFINITY } = this.#bounds;
    const isNew = this.store.add(words, at, length, place, action);
    if (isNew && this.store.states > states) this.#stop = 'states';
  }

  /** Every action of a state was taken, unless the search has stopped meanwhile. */
  #finish(place: number): void {
    if (this.#stop !== null) return;
    this.#expanded++;
    this.#cursor = this.store.next(place);
    const { memory_bytes = Number.POSITIVE_INFINITY } = this.#bounds;
    if (this.#cursor < this.store.end && this.store.bytesNext > memory_bytes) this.#stop = 'memory';
  }

  #isConfirmed(finding: Omit<Discovery, 'depth'>): boolean {
    const isReal = this.#confirm?.(this, finding) ?? true;
    const { words, at, length } = this.store.read(finding.from);
    this.#model.open(words, at, length);
    this.#model.take(finding.action);
    return isReal;
  }

  #note(from: number, action: number, findings: readonly string[]): void {
    // A confirmation may open other states, which have findings of their own.
    for (const property of [...findings]) {
      if (this.discoveries.has(property)) continue;
      if (this.#confirm !== null && !this.#isConfirmed({ property, from, action })) continue;
      this.discoveries.set(property, { property, from, action, depth: this.#depth + 1 });
    }
  }
}
