import { type ConnView, isLeaked, type SessView, type SrvView } from '../../engine/view/view.ts';
import { type Item, text } from '../text/layout.ts';
import type { Palette } from '../text/palette.ts';
import { idWord, listWords, srvListWords } from '../text/value.ts';

/** A field of an object as a report sees it. */
export type Field =
  | {
      readonly kind: 'scalar';
      readonly name: string;
      readonly value: string | number | boolean | null;
    }
  | {
      readonly kind: 'list';
      readonly name: string;
      readonly value: readonly string[];
    }
  | {
      readonly kind: 'srv_list';
      readonly name: string;
      readonly value: SessView['srv_list'];
    };

type Views = {
  readonly conn: ConnView;
  readonly sess: SessView;
  readonly srv: SrvView;
};

function scalar(name: string, value: string | number | boolean | null): Field {
  return { kind: 'scalar', name, value };
}

function list(name: string, value: readonly string[]): Field {
  return { kind: 'list', name, value };
}

/** The fields of one object in the order in which they are printed. */
export const FIELDS: {
  readonly [Kind in keyof Views]: (view: Views[Kind]) => Field[];
} = {
  conn: (view) => [
    scalar('owner', view.owner),
    list('flags', view.flags),
    scalar('listed_in', view.listed_in),
    scalar('list', view.list),
    scalar('target', view.target),
    scalar('mux', view.mux),
    list('streams', view.streams),
    list('orphans', view.orphans),
    scalar('used_streams', view.used_streams),
    scalar('avail_streams', view.avail_streams),
    list('io', view.io),
  ],
  sess: (view) => [
    scalar('idle_conns', view.idle_conns),
    scalar('prefer_last', view.prefer_last),
    { kind: 'srv_list', name: 'srv_list', value: view.srv_list },
  ],
  srv: (view) => [
    list('idle', view.idle),
    list('safe', view.safe),
    list('available', view.available),
    scalar('curr_used_conns', view.curr_used_conns),
    scalar('curr_idle_conns', view.curr_idle_conns),
    scalar('curr_idle_nb', view.curr_idle_nb),
    scalar('curr_safe_nb', view.curr_safe_nb),
    scalar('max_used_conns', view.max_used_conns),
    scalar('est_need_conns', view.est_need_conns),
  ],
};

/** Fields whose value is an id. */
const ID_FIELDS = new Set(['target', 'owner', 'listed_in']);
/** Fields that a reader wants to see even when they hold nothing. */
const ALWAYS_SHOWN = new Set(['owner', 'idle_conns', 'prefer_last', 'srv_list']);

/** The value of a field as words. */
export function valueWords(field: Field, palette: Palette): Item {
  if (field.kind === 'list') {
    const isFlags = field.name === 'flags' || field.name === 'io';
    return listWords(field.value, (word) => (isFlags ? text(word) : idWord(word, palette)));
  }
  if (field.kind === 'srv_list') return srvListWords(field.value, palette);
  const { name, value } = field;
  if (typeof value === 'string' && ID_FIELDS.has(name)) return [idWord(value, palette)];
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
  return isLeaked(conn) ? [[text('leaked: in no list, no stream', palette.bad)]] : [];
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
