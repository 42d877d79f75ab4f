/** A word of a script that may hold blanks: in quotes, or in braces where it has quotes itself. */
export function word(text: string): string {
  return /["\\]/.test(text) ? `{${text}}` : `"${text}"`;
}

/** Whether a text can stand in a script: printable ASCII, and no brace without its other. */
export function canStand(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text) && !/[{}$]/.test(text);
}

/** A text for a comment or a title: what a script cannot hold is left out or replaced. */
export function plain(text: string): string {
  return text
    .replaceAll(/[’‘“”"]/g, "'")
    .replaceAll(/[–—]/g, '-')
    .replaceAll('\\', '/')
    .replaceAll(/[{}$]/g, '')
    .replaceAll(/[^\x20-\x7e]/g, '?');
}

/** Names that stand for ids of a trace where those can be any text. */
export class Names {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

  /**
   * @param prefix of names that are made up
   * @param shape of the ids that can stand as they are
   */
  constructor(
    readonly prefix: string,
    readonly shape: RegExp,
  ) {}

  /** The name of an id, always the same. */
  of(id: string): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    let name = id;
    for (let number = 1; !this.shape.test(name) || this.#taken.has(name); number++) {
      name = `${this.prefix}${number}`;
    }
    this.#names.set(id, name);
    this.#taken.add(name);
    return name;
  }
}
