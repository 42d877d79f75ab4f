/** An element of XML. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, all of it. */
  readonly text: string;
}

/** Every character that XML 1.0 (2.2) allows. */
const CHARACTERS = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const NAME = /[A-Za-z_][-A-Za-z0-9_.:]*/y;
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

/** Well-formedness of the part of XML that reports need; everything else is refused. */
class Parser {
  #at = 0;

  constructor(readonly text: string) {}

  #fail(what: string): never {
    throw new Error(`${what} at ${this.#at}: ${this.text.slice(this.#at, this.#at + 40)}`);
  }

  #take(literal: string): boolean {
    if (!this.text.startsWith(literal, this.#at)) return false;
    this.#at += literal.length;
    return true;
  }

  #need(literal: string): void {
    if (!this.#take(literal)) this.#fail(`expected ${literal}`);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.text) ?? [this.#fail(`expected ${pattern.source}`)];
    this.#at += found.length;
    return found;
  }

  /** Character data or an attribute's value: no `<`, no stray `&`, no `]]>`. */
  #data(raw: string): string {
    if (raw.includes(']]>') || raw.includes('<')) this.#fail('markup in data');
    return raw.replace(/&[^;&]*;?/g, (entity) => {
      return ENTITIES[entity] ?? this.#fail(`unknown entity ${entity}`);
    });
  }

  document(): XmlElement {
    if (!CHARACTERS.test(this.text)) this.#fail('a character that XML does not allow');
    this.#need('<?xml version="1.0" encoding="UTF-8"?>\n');
    const root = this.#element();
    this.#match(/\s*/y);
    if (this.#at !== this.text.length) this.#fail('something behind the root');
    return root;
  }

  #element(): XmlElement {
    this.#need('<');
    const name = this.#match(NAME);
    const attributes = new Map<string, string>();
    while (this.#match(/\s*/y) !== '' || !/[/>]/.test(this.text[this.#at] ?? '')) {
      const key = this.#match(NAME);
      if (attributes.has(key)) this.#fail(`attribute ${key} stands twice`);
      this.#need('="');
      attributes.set(key, this.#data(this.#match(/[^"]*/y)));
      this.#need('"');
    }
    if (this.#take('/>')) return { name, attributes, children: [], text: '' };
    this.#need('>');
    const children: XmlElement[] = [];
    let text = '';
    for (;;) {
      text += this.#data(this.#match(/[^<]*/y));
      if (this.#take(`</${name}>`)) return { name, attributes, children, text };
      children.push(this.#element());
    }
  }
}

/** Parses a document, strictly. */
export function parseXml(text: string): XmlElement {
  return new Parser(text).document();
}
