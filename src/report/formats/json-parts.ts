import { jsonText } from '../../trace/text/escape.ts';

/** Values and characters of text that become one part at most. */
const PART_MAX = 20_000;
const INDENT = '  ';

/** What is left of a budget once a value was paid for; negative as soon as it is not enough. */
function rest(value: unknown, budget: number): number {
  if (typeof value === 'string') return budget - 1 - value.length;
  if (typeof value !== 'object' || value === null) return budget - 1;
  if (!Array.isArray(value) && Symbol.iterator in value) return -1;
  let left = budget - 1;
  for (const [key, item] of Object.entries(value)) {
    left = rest(item, left - key.length);
    if (left < 0) return left;
  }
  return left;
}

/** The items between brackets or braces. */
function* listed<Item>(
  [open, close]: readonly [string, string],
  items: Iterable<Item>,
  indent: string,
  parts: (item: Item, indent: string) => Iterable<string>,
): Generator<string> {
  const inner = `${indent}${INDENT}`;
  let isFirst = true;
  for (const item of items) {
    yield `${isFirst ? open : ','}\n${inner}`;
    isFirst = false;
    yield* parts(item, inner);
  }
  yield isFirst ? `${open}${close}` : `\n${indent}${close}`;
}

/**
 * A value as JSON, indented by two spaces and safe for a terminal, in parts that are as small as its
 * longest text: no string is as long as the whole. An iterable is written like an array, and gone
 * through only as its items are.
 *
 * @param indent of the line that it begins on
 */
export function* jsonParts(value: unknown, indent = ''): Generator<string> {
  if (typeof value !== 'object' || value === null || rest(value, PART_MAX) >= 0) {
    // JSON has no line feed but between values.
    yield jsonText(value ?? null, INDENT.length).replaceAll('\n', `\n${indent}`);
  } else if (Symbol.iterator in value) {
    yield* listed(['[', ']'], value as Iterable<unknown>, indent, jsonParts);
  } else {
    const fields = Object.entries(value).filter(([, item]) => item !== undefined);
    yield* listed(['{', '}'], fields, indent, function* ([key, item], inner) {
      yield `${jsonText(key)}: `;
      yield* jsonParts(item, inner);
    });
  }
}
