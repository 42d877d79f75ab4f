/** Gives each text or list a number, the same one whenever it comes again. */
export class Numbers<Item> {
  readonly all: Item[] = [];
  readonly #known = new Map<string, number>();

  /** @param keyOf what makes two of them the same */
  constructor(readonly keyOf: (item: Item) => string) {}

  /** The number of one, from 0. */
  of(item: Item): number {
    const key = this.keyOf(item);
    let number = this.#known.get(key);
    if (number === undefined) {
      number = this.all.push(item) - 1;
      this.#known.set(key, number);
    }
    return number;
  }
}
