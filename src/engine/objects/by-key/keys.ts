/**
 * Numbers for the keys of connections, in the order in which a world meets them: two keys are equal
 * when their numbers are. 0 is the empty key, of a connection that is made without one. A number
 * that was given never changes, so that copies of a world can share them.
 */
export class Keys {
  readonly #ofTexts = new Map<string, number>();
  readonly #ofParts = new Map<string, number>();

  /** The number of a key that a trace calls by one opaque text. */
  ofText(text: string): number {
    return this.#ofTexts.get(text) ?? this.#add(this.#ofTexts, text);
  }

  /** The number of a key that was put together from parts, as a text that tells any two apart. */
  ofParts(parts: string): number {
    return this.#ofParts.get(parts) ?? this.#add(this.#ofParts, parts);
  }

  #add(to: Map<string, number>, text: string): number {
    const number = this.#ofTexts.size + this.#ofParts.size + 1;
    to.set(text, number);
    return number;
  }
}
