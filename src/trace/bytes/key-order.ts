/** Makes an object of the values from `values[base]` on, one for each key. */
export type ObjectMaker = (values: readonly unknown[], base: number) => object;

const MAKERS = new Map<string, ObjectMaker>();

/**
 * The maker of objects with these keys in this order, none twice and none `__proto__`. It is compiled, since objects
 * made by a literal cost a fraction of those that get one key after the other; all makers of the
 * same keys are one, so that what is made has one hidden class.
 */
export function makerOf(keys: readonly string[]): ObjectMaker {
  const name = JSON.stringify(keys);
  let maker = MAKERS.get(name);
  if (maker === undefined) {
    const entries = keys.map((key, index) => `${JSON.stringify(key)}:values[base+${index}]`);
    maker = new Function('values', 'base', `return {${entries.join()}}`) as ObjectMaker;
    MAKERS.set(name, maker);
  }
  return maker;
}

/** A key of an object and what is needed to find it in bytes. */
export interface Key<Entry> {
  readonly name: string;
  /** The key as it is spelt in a line, from its first quote up to the colon. */
  readonly spelling: Uint8Array;
  readonly entry: Entry;
}

/** The keys that an object had so far, in their order. */
export class KeyOrder<Entry> {
  readonly key: Key<Entry> | null;
  readonly #before: KeyOrder<Entry> | null;
  readonly #next: KeyOrder<Entry>[] = [];
  /** What followed last time: a guess that is mostly right. */
  guess: KeyOrder<Entry> | null = null;
  /** Undefined until it is needed for the first time. */
  #maker: ObjectMaker | null | undefined = undefined;

  constructor(before: KeyOrder<Entry> | null, key: Key<Entry> | null) {
    this.#before = before;
    this.key = key;
  }

  /** The orders that are known to go on from here. */
  get next(): readonly KeyOrder<Entry>[] {
    return this.#next;
  }

  /** Goes on with a key for the first time; null when the object has that key already. */
  extend(key: Key<Entry>): KeyOrder<Entry> | null {
    if (this.keys().includes(key)) return null;
    const longer = new KeyOrder(this, key);
    this.#next.push(longer);
    return longer;
  }

  /** All keys so far. */
  keys(): Key<Entry>[] {
    const keys: Key<Entry>[] = [];
    for (let at: KeyOrder<Entry> = this; at.key !== null && at.#before !== null; at = at.#before) {
      keys.unshift(at.key);
    }
    return keys;
  }

  /** The maker of objects with just these keys; null when a required one is missing. */
  makerWith(required: readonly Key<Entry>[]): ObjectMaker | null {
    if (this.#maker === undefined) {
      const keys = this.keys();
      const isComplete = required.every((key) => keys.includes(key));
      this.#maker = isComplete ? makerOf(keys.map(({ name }) => name)) : null;
    }
    return this.#maker;
  }
}
