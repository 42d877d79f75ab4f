/** A key of an object and what is needed to find it in bytes. */
export interface Key<Entry> {
  /** Not `__proto__`. */
  readonly name: string;
  /** The key as it is spelt in a line, from its first quote up to the colon. */
  readonly spelling: Uint8Array;
  readonly entry: Entry;
}

/** Makes an object of the values from `values[base]` on, one for each key. */
type ObjectMaker = (values: readonly unknown[], base: number) => object;

/** The keys that an object had so far, in their order. */
export class KeyOrder<Entry> {
  readonly key: Key<Entry> | null;
  /** What followed last time: a guess that is mostly right. */
  guess: KeyOrder<Entry> | null = null;
  readonly #before: KeyOrder<Entry> | null;
  readonly #next: KeyOrder<Entry>[] = [];
  /** Undefined until an object ends here, null when it lacks a required key. */
  #make: ObjectMaker | null | undefined = undefined;
  #isCompiled = false;

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
    if (this.#keys().includes(key)) return null;
    const longer = new KeyOrder(this, key);
    this.#next.push(longer);
    return longer;
  }

  /**
   * Makes an object that ends here of the values from `values[base]` on; null when it lacks one of
   * the required keys.
   */
  make(values: readonly unknown[], base: number, required: readonly Key<Entry>[]): object | null {
    if (!this.#isCompiled) this.#prepare(required);
    return this.#make ? this.#make(values, base) : null;
  }

  /** Compiles a maker at the second object: most orders of keys that are rare come once. */
  #prepare(required: readonly Key<Entry>[]): void {
    const keys = this.#keys();
    const names = keys.map(({ name }) => name);
    const isFirst = this.#make === undefined;
    if (!required.every((key) => keys.includes(key))) this.#make = null;
    else this.#make = isFirst ? plainMaker(names) : compiledMaker(names);
    this.#isCompiled = !isFirst;
  }

  #keys(): Key<Entry>[] {
    const keys: Key<Entry>[] = [];
    let order: KeyOrder<Entry> | null = this;
    for (; order !== null; order = order.#before) if (order.key !== null) keys.unshift(order.key);
    return keys;
  }
}

function plainMaker(names: readonly string[]): ObjectMaker {
  return (values, base) =>
    Object.fromEntries(names.map((name, index) => [name, values[base + index]]));
}

/** A literal makes an object in a fraction of the time that one key after the other takes. */
function compiledMaker(names: readonly string[]): ObjectMaker {
  const entries = names.map((name, index) => `${JSON.stringify(name)}:values[base+${index}]`);
  return new Function('values', 'base', `return {${entries.join()}}`) as ObjectMaker;
}
