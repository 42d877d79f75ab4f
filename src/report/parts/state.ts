import { TELLERS } from '../../engine/view/observe.ts';
import type { Teller } from '../../engine/view/readings.ts';
import { type ConnView, isLeaked, type SessView, type SrvView } from '../../engine/view/view.ts';
import type { ToldAs, ToldValues } from '../../state/told.ts';
import { type Item, sentence, text } from '../text/layout.ts';
import type { Palette } from '../text/palette.ts';
import { idWord, listWords, srvListWords } from '../text/value.ts';

/** A field of an object as a report sees it. */
export type Field = {
  [As in ToldAs]: { readonly name: string; readonly as: As; readonly value: ToldValues[As] };
}[ToldAs];

/** A field whose value is a list of names. */
type ListField = Extract<Field, { readonly value: readonly string[] }>;

type Views = {
  readonly conn: ConnView;
  readonly sess: SessView;
  readonly srv: SrvView;
};

/** What stands elsewhere than where it was declared, by what it stands before. */
const MOVED: { readonly [Kind in keyof Views]: Partial<Record<keyof Views[Kind], string>> } = {
  conn: { target: 'mux', streams: 'used_streams', orphans: 'used_streams' },
  sess: {},
  srv: { curr_used_conns: 'curr_idle_conns' },
};

/** The fields of a kind of object in the order in which they are printed. */
function inOrder(kind: keyof Views): readonly Teller[] {
  const before: Readonly<Record<string, string | undefined>> = MOVED[kind];
  const all = TELLERS[kind];
  const moved = all.filter(({ name }) => before[name] !== undefined);
  return all
    .filter((teller) => !moved.includes(teller))
    .flatMap((teller) => [...moved.filter(({ name }) => before[name] === teller.name), teller]);
}

function fieldsOf<Kind extends keyof Views>(kind: Kind): (view: Views[Kind]) => Field[] {
  const tellers = inOrder(kind);
  return (view) =>
    tellers
      .filter(({ name }) => Reflect.has(view, name))
      .map(({ name, as }) => ({ name, as, value: Reflect.get(view, name) }) as Field);
}

/** The fields of one object in the order in which they are printed. */
export const FIELDS: {
  readonly [Kind in keyof Views]: (view: Views[Kind]) => Field[];
} = { conn: fieldsOf('conn'), sess: fieldsOf('sess'), srv: fieldsOf('srv') };

/** Whether the value of a field is a list of names. */
export function isList(field: Field): field is ListField {
  return Array.isArray(field.value) && field.as !== 'entries';
}

/** Fields that a reader wants to see even when they hold nothing. */
const ALWAYS_SHOWN = new Set(['owner', 'idle_conns', 'prefer_last', 'srv_list']);

/** The value of a field as words. */
export function valueWords(field: Field, palette: Palette): Item {
  const { as, value } = field;
  if (as === 'entries') return srvListWords(value, palette);
  if (isList(field)) {
    const isFlags = as === 'ownership' || as === 'io';
    return listWords(field.value, (word) => (isFlags ? text(word) : idWord(word, palette)));
  }
  const isId = as === 'id' || as === 'target' || as === 'lister';
  if (isId && value !== null) return [idWord(value, palette)];
  return [text(String(value))];
}

function isNothing({ value }: Field): boolean {
  return (
    value === null || value === 0 || value === false || (Array.isArray(value) && value.length === 0)
  );
}

/** Fields as `name value`, without those that hold nothing and need not be shown. */
export function fieldItems(fields: readonly Field[], palette: Palette): Item[] {
  return fields
    .filter((field) => ALWAYS_SHOWN.has(field.name) || !isNothing(field))
    .map((field) => [text(field.name, palette.faint), ...valueWords(field, palette)]);
}

/** The mark of a connection that nothing will ever give back; none for any other. */
export function leakItems(conn: ConnView, palette: Palette): Item[] {
  return isLeaked(conn) ? [sentence('leaked: in no list, no stream', palette.bad).flat()] : [];
}

/** The state of a connection: fields that hold nothing (null, 0, []) are left out, but `owner`. */
export function connItems(conn: ConnView, palette: Palette): Item[] {
  return [...leakItems(conn, palette), ...fieldItems(FIELDS.conn(conn), palette)];
}

/** The state of a session. */
export function sessItems(sess: SessView, palette: Palette): Item[] {
  return fieldItems(FIELDS.sess(sess), palette);
}

/** True for a server whose lists are empty and whose counters are 0. */
export function isEmptySrv(srv: SrvView): boolean {
  return FIELDS.srv(srv).every(isNothing);
}

/** The state of a server: fields that hold nothing are left out; `empty` if every one does. */
export function srvItems(srv: SrvView, palette: Palette): Item[] {
  return isEmptySrv(srv) ? [[text('empty', palette.faint)]] : fieldItems(FIELDS.srv(srv), palette);
}
