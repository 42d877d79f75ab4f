import type { Change, SessView } from '../../engine/view/view.ts';
import { glue, type Item, type Text, text } from '../text/layout.ts';
import type { Palette } from '../text/palette.ts';
import { idWord } from '../text/value.ts';
import { FIELDS, type Field, fieldItems, isList, leakItems, valueWords } from './state.ts';

/** Lists up to this length are printed whole, longer ones as what joined and left. */
const WHOLE_LIST = 6;

const ARROW = text('→');

/**
 * What changed in a long list: `9 → 10: +c12 -c3`. Null when that does not tell the new order,
 * because something moved or joined elsewhere than at the end.
 */
function deltaWords(
  before: readonly string[],
  after: readonly string[],
  palette: Palette,
): Item | null {
  const old = new Set(before);
  const now = new Set(after);
  const left = before.filter((id) => !now.has(id));
  const joined = after.filter((id) => !old.has(id));
  const kept = before.filter((id) => now.has(id));
  if ([...kept, ...joined].some((id, index) => id !== after[index])) return null;
  return [
    text(String(before.length), palette.faint),
    ARROW,
    text(`${after.length}:`),
    ...joined.map((id) => glue(text('+', palette.good), idWord(id, palette))),
    ...left.map((id) => glue(text('-', palette.warn), idWord(id, palette))),
  ];
}

function listChange(
  before: readonly string[],
  after: readonly string[],
  palette: Palette,
): Item | null {
  if (before.length <= WHOLE_LIST && after.length <= WHOLE_LIST) return null;
  return deltaWords(before, after, palette);
}

/** A long `srv_list` whose targets stay: an item per target that changed. Otherwise null. */
function srvListChange(
  before: SessView['srv_list'],
  after: SessView['srv_list'],
  palette: Palette,
): Item[] | null {
  const size = (value: SessView['srv_list']) =>
    value.reduce((sum, [, conns]) => sum + conns.length, 0);
  if (size(before) <= WHOLE_LIST && size(after) <= WHOLE_LIST) return null;
  if (before.length !== after.length) return null;
  const items: Item[] = [];
  for (const [index, [target, conns]] of after.entries()) {
    const was = before[index];
    if (was === undefined || was[0] !== target) return null;
    if (was[1].length === conns.length && was[1].every((id, place) => id === conns[place]))
      continue;
    const delta = deltaWords(was[1], conns, palette);
    if (delta === null) return null;
    const name = glue(text('srv_list ', palette.faint), idWord(target, palette));
    items.push([name, ...delta]);
  }
  return items;
}

function arrow(names: readonly string[], before: Item, after: Item, palette: Palette): Item {
  const words = names.map((name, index) =>
    text(index < names.length - 1 ? `${name},` : name, palette.faint),
  );
  return [...words, ...before, ARROW, ...after];
}

function changedField(before: Field, after: Field, palette: Palette): Item[] {
  if (isList(before) && isList(after)) {
    const short = listChange(before.value, after.value, palette);
    if (short !== null) return [[text(after.name, palette.faint), ...short]];
  }
  if (before.as === 'entries' && after.as === 'entries') {
    const short = srvListChange(before.value, after.value, palette);
    if (short !== null) return short;
  }
  return [arrow([after.name], valueWords(before, palette), valueWords(after, palette), palette)];
}

/** The changed fields: `owner null → s1`; counters that change alike share one arrow. */
function changedItems(before: readonly Field[], after: readonly Field[], palette: Palette): Item[] {
  const items: Item[] = [];
  const alike = new Map<string, { names: string[]; before: Field; after: Field }>();
  after.forEach((field, index) => {
    const was = before[index];
    if (was === undefined || JSON.stringify(was.value) === JSON.stringify(field.value)) return;
    if (typeof field.value !== 'number') {
      items.push(...changedField(was, field, palette));
      return;
    }
    const key = `${String(was.value)} ${field.value}`;
    const group = alike.get(key);
    if (group === undefined) alike.set(key, { names: [field.name], before: was, after: field });
    else group.names.push(field.name);
  });
  for (const group of alike.values()) {
    items.push(
      arrow(
        group.names,
        valueWords(group.before, palette),
        valueWords(group.after, palette),
        palette,
      ),
    );
  }
  return items;
}

function transition<View>(
  before: View | null,
  after: View | null,
  fields: (view: View) => Field[],
  palette: Palette,
): Item[] {
  if (after === null) return [[text('freed', palette.warn)]];
  if (before === null) return [[text('new', palette.good)], ...fieldItems(fields(after), palette)];
  return changedItems(fields(before), fields(after), palette);
}

/** What a step did to one object: `new`, `freed`, or its changed fields as `before → after`. */
export function changeItems(change: Change, palette: Palette): Item[] {
  if (change.kind === 'sess') return transition(change.before, change.after, FIELDS.sess, palette);
  if (change.kind === 'srv') return transition(change.before, change.after, FIELDS.srv, palette);
  const items = transition(change.before, change.after, FIELDS.conn, palette);
  return change.after === null ? items : [...leakItems(change.after, palette), ...items];
}

/** `conn c1`: what a line below a step is about. */
export function objectLabel(kind: Change['kind'], id: string, palette: Palette): Text {
  return glue(text(`${kind} `, palette.faint), idWord(id, palette));
}
