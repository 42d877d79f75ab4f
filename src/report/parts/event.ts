import type { TraceEvent } from '../../format/index.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { glue, type Item, padEnd, padStart, sentence, type Text, text } from '../text/layout.ts';
import type { Palette } from '../text/palette.ts';
import { idText, idWord } from '../text/value.ts';

/** Columns of the step number, right-aligned; a larger number pushes the rest. */
const NUMBER_COLUMNS = 4;
/** Columns of the event's name: the three purges are longer and push the rest. */
const EVENT_COLUMNS = 22;
/** Where the event's name begins, and what stands below it. */
export const EVENT_INDENT = NUMBER_COLUMNS + 2;
/** Where the event's ids begin. */
export const IDS_INDENT = EVENT_INDENT + EVENT_COLUMNS + 2;

/** Keys that name objects, in the order in which they are printed, without their names. */
const ID_KEYS = ['strm', 'sess', 'fe', 'be', 'target', 'srv', 'conn'];
/** Keys that are printed elsewhere, or not at all. */
const APART = new Set(['event', 'at', 'note', 'source', 'headers', 'expect', ...ID_KEYS]);

/** `number  event`, in columns. */
export function eventLead(number: number, event: TraceEvent, palette: Palette): Text {
  return glue(
    padStart(text(String(number), palette.faint), NUMBER_COLUMNS),
    text('  '),
    padEnd(text(event.event, palette.strong), EVENT_COLUMNS),
    text('  '),
  );
}

/** The objects that an event names: `t1 s1 b/srv`. */
export function eventIds(event: TraceEvent, palette: Palette, except = ''): Item[] {
  const named = new Map<string, unknown>(Object.entries(event));
  const items: Item[] = [];
  for (const key of ID_KEYS) {
    const id = named.get(key);
    if (typeof id === 'string' && key !== except) items.push([idWord(id, palette)]);
  }
  return items;
}

function inputText(key: string, value: unknown): string {
  if (value === true) return key;
  if (Array.isArray(value)) {
    const parts = value.map((part) => (typeof part === 'string' ? idText(part) : String(part)));
    return `${key}=${parts.length === 0 ? '[]' : parts.join(',')}`;
  }
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([name, part]) => `${name}=${idText(String(part))}`);
    return `${key}={${parts.join(',')}}`;
  }
  return `${key}=${typeof value === 'string' ? idText(value) : String(value)}`;
}

/** What the trace tells the model beside ids: `not_first`, `idle=false`, `status=401`. */
export function eventInputs(event: TraceEvent): Item[] {
  const items: Item[] = [];
  for (const [key, value] of Object.entries(event)) {
    if (APART.has(key) || value === undefined || (key === 'thread' && value === 0)) continue;
    items.push([text(inputText(key, value))]);
  }
  return items;
}

/** Name, ids and inputs of an event as one line of plain text: `detach t1 idle=false`. */
export function eventText(event: TraceEvent, palette: Palette): Item[] {
  return [[text(event.event, palette.strong)], ...eventIds(event, palette), ...eventInputs(event)];
}

/** Response headers of `http_wait_for_response`: `WWW-Authenticate: NTLM, Negotiate`. */
export function headerItems(event: TraceEvent): Item[] {
  if (event.event !== 'http_wait_for_response' || event.headers === undefined) return [];
  return Object.entries(event.headers).map(([name, values]) => [
    text(`${escapeControl(name)}:`),
    ...sentence(escapeControl(values.join(', '))).flat(),
  ]);
}

/** The note of an event as words to wrap; none without a note. */
export function noteItems(event: TraceEvent, palette: Palette): Item[] {
  return event.note === undefined ? [] : sentence(escapeControl(event.note), palette.faint);
}
