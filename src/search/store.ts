import { actionOf, lengthOf, linkOf } from './model.ts';

/** Words of a chunk of the arena: 1 MiB. */
const CHUNK_BITS = 18;
const CHUNK_WORDS = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_WORDS - 1;
const WORD_BYTES = 4;

/** Words before the words of a state: its parent, then its action and its length. */
const HEAD_WORDS = 2;

const FIRST_SLOTS = 1 << 12;
/** A table that is fuller than this makes look-ups slow. */
const LOAD_MAX = 0.75;

/** What the successors of one state may take, when it is asked how much more is needed. */
const MARGIN_STATES = 256;
const MARGIN_WORDS = 8192;

/** No state: what the first state has for a parent. */
export const NONE = 0xffffffff;

/** A state as it is stored. */
export interface Stored {
  /** The chunk that holds its words. */
  readonly words: Uint32Array;
  readonly at: number;
  readonly length: number;
}

/**
 * Every state seen so far, each once: its words, a link to the state that it was first reached
 * from, and the action that led there. States stand one behind the other in the order in which
 * they were added, so that walking through the arena is the queue of a breadth-first search. A
 * state is named by its place in the arena, counted in words. Nothing is ever removed.
 */
export class StateStore {
  readonly #chunks: Uint32Array[] = [];
  #end = 0;
  #slots = new Uint32Array(FIRST_SLOTS).fill(NONE);
  #states = 0;
  /** What `read` answers, filled anew each time: reading must not allocate. */
  readonly #read: { words: Uint32Array; at: number; length: number } = {
    words: new Uint32Array(0),
    at: 0,
    length: 0,
  };

  /** How many states there are. */
  get states(): number {
    return this.#states;
  }

  /** Behind the last state. */
  get end(): number {
    return this.#end;
  }

  /** Bytes that the states, their links and the table take, unused room included. */
  get bytes(): number {
    return (this.#chunks.length * CHUNK_WORDS + this.#slots.length) * WORD_BYTES;
  }

  /** Bytes that the store may take after the states that one more is likely to lead to. */
  get bytesNext(): number {
    const isTableNearlyFull = this.#states + MARGIN_STATES >= this.#slots.length * LOAD_MAX;
    const used = this.#end & CHUNK_MASK;
    const isChunkNearlyFull = used === 0 || used + MARGIN_WORDS > CHUNK_WORDS;
    const table = isTableNearlyFull ? this.#slots.length * 2 : 0;
    return this.bytes + (table + (isChunkNearlyFull ? CHUNK_WORDS : 0)) * WORD_BYTES;
  }

  /**
   * Adds a state unless it is known.
   *
   * @param words where it stands, from `at` on
   * @param parent the state that it was reached from; `NONE` for the first one
   * @returns true when it is new
   */
  add(words: Uint32Array, at: number, length: number, parent: number, action: number): boolean {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hashOf(words, at, length) & mask;
    for (;;) {
      const place = slots[slot];
      if (place === undefined || place === NONE) break;
      if (this.#isAt(place, words, at, length)) return false;
      slot = (slot + 1) & mask;
    }
    slots[slot] = this.#append(words, at, length, parent, action);
    this.#states++;
    if (this.#isFull()) this.#grow();
    return true;
  }

  /** The state at a place; valid until the next call. */
  read(place: number): Stored {
    const read = this.#read;
    read.words = this.#chunkOf(place);
    read.at = (place & CHUNK_MASK) + HEAD_WORDS;
    read.length = lengthOf(read.words[read.at - 1] ?? 0);
    return read;
  }

  /** The place of the state behind the one at a place; `end` when that is the last. */
  next(place: number): number {
    const words = this.#chunkOf(place);
    const at = place & CHUNK_MASK;
    return this.#skipGap(place + HEAD_WORDS + lengthOf(words[at + 1] ?? 0));
  }

  /** The state that the one at a place was first reached from, or `NONE`. */
  parentOf(place: number): number {
    return this.#chunkOf(place)[place & CHUNK_MASK] ?? NONE;
  }

  /** The action that first led to the state at a place. */
  actionOf(place: number): number {
    return actionOf(this.#chunkOf(place)[(place & CHUNK_MASK) + 1] ?? 0);
  }

  #chunkOf(place: number): Uint32Array {
    const chunk = this.#chunks[place >>> CHUNK_BITS];
    if (chunk === undefined) throw new RangeError(`state store: no state at ${place}`);
    return chunk;
  }

  /** Over the unused end of a chunk, which is all zeros: no state has a length of 0. */
  #skipGap(place: number): number {
    if (place >= this.#end || (place & CHUNK_MASK) === 0) return place;
    const at = place & CHUNK_MASK;
    const hasRoom = at + HEAD_WORDS < CHUNK_WORDS;
    if (hasRoom && lengthOf(this.#chunkOf(place)[at + 1] ?? 0) !== 0) return place;
    return place - at + CHUNK_WORDS;
  }

  #append(
    words: Uint32Array,
    from: number,
    length: number,
    parent: number,
    action: number,
  ): number {
    const needed = HEAD_WORDS + length;
    const used = this.#end & CHUNK_MASK;
    if (used !== 0 && used + needed > CHUNK_WORDS) this.#end += CHUNK_WORDS - used;
    if ((this.#end & CHUNK_MASK) === 0) this.#chunks.push(new Uint32Array(CHUNK_WORDS));
    const place = this.#end;
    const chunk = this.#chunkOf(place);
    const at = place & CHUNK_MASK;
    chunk[at] = parent;
    chunk[at + 1] = linkOf(action, length);
    const to = at + HEAD_WORDS;
    for (let word = 0; word < length; word++) chunk[to + word] = words[from + word] ?? 0;
    this.#end = place + needed;
    return place;
  }

  #isAt(place: number, words: Uint32Array, from: number, length: number): boolean {
    const chunk = this.#chunkOf(place);
    const at = place & CHUNK_MASK;
    if (lengthOf(chunk[at + 1] ?? 0) !== length) return false;
    for (let word = 0; word < length; word++) {
      if (chunk[at + HEAD_WORDS + word] !== words[from + word]) return false;
    }
    return true;
  }

  #isFull(): boolean {
    return this.#states >= this.#slots.length * LOAD_MAX;
  }

  /** Twice as many slots, filled anew from the arena. */
  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2).fill(NONE);
    for (let place = 0; place < this.#end; place = this.next(place)) {
      const { words, at, length } = this.read(place);
      let slot = hashOf(words, at, length) & (this.#slots.length - 1);
      while (this.#slots[slot] !== NONE) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = place;
    }
  }
}

/** A number of 32 bits that depends on every bit of some words. */
function hashOf(words: Uint32Array, at: number, length: number): number {
  let hash = length;
  for (let word = at; word < at + length; word++) {
    hash = Math.imul(hash ^ (words[word] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
