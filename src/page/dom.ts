/** What an element can be given: attributes, handlers as `onclick`, and what is in it. */
export type Given = Readonly<
  Record<string, string | number | boolean | null | undefined | ((event: never) => void)>
>;

/** What can be in an element, also as lists of it; `false` and null are nothing. */
export type Child = Node | string | false | null | undefined | readonly Child[];

/**
 * Makes an element. Texts become text and never markup, whatever they hold.
 *
 * @param given attributes; a function is a handler of the event that its name begins with `on`
 */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  given: Given = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') {
      element.addEventListener(key.slice(2), value as (event: Event) => void);
    } else element.setAttribute(key, value === true ? '' : String(value));
  }
  put(element, children);
  return element;
}

/** Adds what is something to an element. */
export function put(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (child instanceof Node || typeof child === 'string') element.append(child);
    else put(element, child);
  }
}

/** Makes these the only ones in an element. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  put(element, children);
}

/** Characters of a text that are shown at once. */
const SHOWN_MAX = 160;

/** A text; of a long one the beginning, and a button that shows the rest. */
export function long(text: string, max = SHOWN_MAX): Node {
  if (text.length <= max + 20) return document.createTextNode(text);
  const span = h('span', {}, `${text.slice(0, max)}… `);
  const rest = text.length - max;
  const more = h('button', { type: 'button', class: 'more' }, `${count(rest, 'character')} more`);
  more.addEventListener('click', () => fill(span, text));
  span.append(more);
  return span;
}

/** The beginning of a text, for places where there is no room for more. */
export function short(text: string, max = 40): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

const GROUPS = /\B(?=(\d{3})+(?!\d))/g;

/** `12,345`, the same for every reader. */
export function number(value: number): string {
  return String(value).replace(GROUPS, ',');
}

/** `1 step`, `2 steps`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}
