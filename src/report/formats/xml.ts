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
function tag(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  end: string,
): string {
  const parts = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${xmlText(String(value))}"`,
  );
  return `<${name}${parts.join('')}${end}`;
}

/** An element that holds lines of other elements, each indented by two more spaces. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[] = [],
): string[] {
  if (children.length === 0) return [tag(name, attributes, '/>')];
  return [tag(name, attributes, '>'), ...children.map((line) => `  ${line}`), `</${name}>`];
}

/** An element that holds lines of text; they are not indented, for blanks would belong to it. */
export function textElement(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  lines: readonly string[],
): string {
  if (lines.length === 0) return tag(name, attributes, '/>');
  return `${tag(name, attributes, '>')}${lines.map(xmlText).join('\n')}</${name}>`;
}
