import { isObject } from '../trace/check/acceptor.ts';
import { Place, scan } from '../trace/text/scanner.ts';
import { madeBy, type ObjectEdit } from './edit.ts';
import { formatEntry, formatValue, type Style, styleOf } from './style.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** A range of the text that gives way to other text. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The text of an event's line with some values changed, added or removed. Every byte that no edit
 * is about stays: spaces, order and spelling of keys, what stands before and behind the object.
 *
 * @param text one line; with or without line end
 * @param event what JSON.parse makes of it
 */
export function editLine(text: string, event: JsonObject, edits: ObjectEdit): string {
  const root = new Place();
  want(event, edits, root);
  const name = root.at(['event']);
  scan(text, root);
  const splices: Splice[] = [];
  editObject(event, edits, root, styleOf(text, name), splices);
  splices.sort((one, other) => one.from - other.from || one.to - other.to);
  let edited = '';
  let at = 0;
  for (const splice of splices) {
    edited += text.slice(at, splice.from) + splice.text;
    at = splice.to;
  }
  return edited + text.slice(at);
}

/** Asks for the place of every key of every object that edits go into. */
function want(object: JsonObject, edits: ObjectEdit, place: Place): void {
  for (const key of Object.keys(object)) {
    const inner = place.at([key]);
    const edit = edits.keys.get(key);
    const value = object[key];
    if (edit?.kind === 'inside' && isObject(value)) want(value, edit, inner);
  }
}

function editObject(
  object: JsonObject,
  edits: ObjectEdit,
  place: Place,
  style: Style,
  splices: Splice[],
): void {
  const removed = new Set<string>();
  const added: string[] = [];
  for (const [key, edit] of edits.keys) {
    const inner = Object.hasOwn(object, key) ? place.at([key]) : null;
    const value = inner === null ? undefined : object[key];
    const made = madeBy(edit);
    if (edit.kind === 'inside' && inner !== null && isObject(value)) {
      editObject(value, edit, inner, style, splices);
    } else if (made === undefined) {
      if (inner !== null) removed.add(key);
    } else if (inner === null) added.push(formatEntry(key, made, style));
    else {
      splices.push({ from: inner.valueAt, to: inner.endAt, text: formatValue(made, style) });
    }
  }
  if (removed.size + added.length > 0) resize(place, removed, added, style, splices);
}

/** Takes entries out of an object, and puts others behind its last one. */
function resize(
  { valueAt, below }: Place,
  removed: ReadonlySet<string>,
  added: readonly string[],
  style: Style,
  splices: Splice[],
): void {
  const entries = [...below].sort(([, one], [, other]) => one.keyAt - other.keyAt);
  const isKept = ([key]: (typeof entries)[number]): boolean => !removed.has(String(key));
  const kept = entries.findIndex(isKept);
  const first = entries[0]?.[1];
  const end = entries.at(-1)?.[1].endAt ?? valueAt + 1;
  // What goes at the front takes the comma behind it along, all else the one before it.
  if (first !== undefined && kept !== 0) {
    splices.push({ from: first.keyAt, to: entries[kept]?.[1].keyAt ?? end, text: '' });
  }
  for (let at = kept + 1; kept !== -1 && at < entries.length; at++) {
    const [before, entry] = [entries[at - 1], entries[at]];
    if (before === undefined || entry === undefined || isKept(entry)) continue;
    splices.push({ from: before[1].endAt, to: entry[1].endAt, text: '' });
  }
  if (added.length === 0) return;
  const separator = `,${style.comma}`;
  const text = (kept === -1 ? '' : separator) + added.join(separator);
  splices.push({ from: end, to: end, text });
}
