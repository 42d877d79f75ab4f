import { escapeControl } from '../../trace/text/escape.ts';

/** U+FFFE and U+FFFF, which neither XML nor YAML allows, made visible. */
export function escapeNoncharacters(text: string): string {
  return text.replace(
    /[\ufffe\uffff]/g,
    (character) => `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

/** One line of text for XML 1.0: control characters are visible, markup is escaped. */
export function xmlText(line: string): string {
  return escapeNoncharacters(escapeControl(line)).replace(
    /[&<>"]/g,
    (character) => ENTITIES.get(character) ?? '',
  );
}

/** A start tag, or an empty element, with attributes in the given order. */
export function tag(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  end: string,
): string {
  const parts = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${xmlText(String(value))}"`,
  );
  return `<${name}${parts.join('')}${end}`;
}

/** An element that holds lines of text; they are not indented, for blanks would belong to it. */
export function* textElement(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  lines: Iterable<string>,
): Generator<string> {
  let isEmpty = true;
  for (const line of lines) {
    yield `${isEmpty ? tag(name, attributes, '>') : '\n'}${xmlText(line)}`;
    isEmpty = false;
  }
  yield isEmpty ? tag(name, attributes, '/>') : `</${name}>`;
}
