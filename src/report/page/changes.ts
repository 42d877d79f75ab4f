import type { Change } from '../../engine/view/view.ts';
import { FIELDS, type Field, fieldItems, isList, leakItems, valueWords } from '../parts/state.ts';
import { inline } from '../text/layout.ts';
import { PLAIN } from '../text/palette.ts';
import { idText } from '../text/value.ts';
import type { ToldChange, ToldField } from './told.ts';

/** Lists up to this length are told whole, longer ones as what joined and left. */
const WHOLE_LIST = 6;

/** What lies between what two lists have in common at either end. */
function middles(
  before: readonly string[],
  after: readonly string[],
): { readonly gone: readonly string[]; readonly come: readonly string[]; readonly at: number } {
  const least = Math.min(before.length, after.length);
  let start = 0;
  while (start < least && before[start] === after[start]) start++;
  let end = 0;
  while (end < least - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return {
    gone: before.slice(start, before.length - end),
    come: after.slice(start, after.length - end),
    at: start,
  };
}

function signed(sign: string, ids: readonly string[]): string {
  return ids.map((id) => ` ${sign}${idText(id)}`).join('');
}

/** `9 → 10: +c12`; where the place says something, also that. Null: nothing changed. */
function listField(
  name: string,
  before: readonly string[],
  after: readonly string[],
): ToldField | null {
  const { gone, come, at } = middles(before, after);
  if (gone.length + come.length === 0) return null;
  const isAtEnd = at + come.length === after.length && at + gone.length === before.length;
  const place = isAtEnd ? '' : ` at place ${at + 1}`;
  const sizes = `${before.length} → ${after.length}:`;
  return [name, `${sizes}${signed('−', gone)}${signed('+', come)}${place}`];
}

function textOf(field: Field): string {
  return inline([valueWords(field, PLAIN)]).painted;
}

function isSame(one: Field, other: Field): boolean {
  if (one.value === other.value) return true;
  if (typeof one.value !== 'object' || typeof other.value !== 'object') return false;
  return JSON.stringify(one.value) === JSON.stringify(other.value);
}

function changedField(before: Field, after: Field): ToldField[] {
  if (isList(before) && isList(after)) {
    if (before.value.length > WHOLE_LIST || after.value.length > WHOLE_LIST) {
      const told = listField(after.name, before.value, after.value);
      return told === null ? [] : [told];
    }
  } else if (before.as === 'entries' && after.as === 'entries') {
    const told = entriesFields(after.name, before.value, after.value);
    if (told !== null) return told;
  }
  return isSame(before, after) ? [] : [[after.name, textOf(before), textOf(after)]];
}

/** Long lists by server, a field to each that changed; null where they are short, or moved. */
function entriesFields(
  name: string,
  before: readonly (readonly [string, readonly string[]])[],
  after: readonly (readonly [string, readonly string[]])[],
): ToldField[] | null {
  const size = (entries: typeof before): number =>
    entries.reduce((sum, [, ids]) => sum + ids.length, 0);
  if (size(before) <= WHOLE_LIST && size(after) <= WHOLE_LIST) return null;
  if (before.length !== after.length) return null;
  if (before.some(([target], at) => after[at]?.[0] !== target)) return null;
  return after.flatMap(([target, ids], at) => {
    const told = listField(`${name} ${idText(target)}`, before[at]?.[1] ?? [], ids);
    return told === null ? [] : [told];
  });
}

/** The fields of an object that has come into being: those that hold something. */
function newFields(fields: readonly Field[]): ToldField[] {
  return fieldItems(fields, PLAIN).map(([name, ...words]) => [
    name?.painted ?? '',
    inline([words]).painted,
  ]);
}

function transition<View>(
  { kind, id }: Pick<Change, 'kind' | 'id'>,
  before: View | null,
  after: View | null,
  fieldsOf: (view: View) => Field[],
): ToldChange {
  const shown = idText(id);
  if (after === null) return { kind, id: shown, how: 'freed', fields: [] };
  const fields = fieldsOf(after);
  if (before === null) return { kind, id: shown, how: 'new', fields: newFields(fields) };
  const old = fieldsOf(before);
  const changed = fields.flatMap((field, at) => {
    const was = old[at];
    return was === undefined ? [] : changedField(was, field);
  });
  return { kind, id: shown, how: 'changed', fields: changed };
}

/** What a step did to one object, as text. */
export function toldChange(change: Change): ToldChange {
  if (change.kind === 'sess') return transition(change, change.before, change.after, FIELDS.sess);
  if (change.kind === 'srv') return transition(change, change.before, change.after, FIELDS.srv);
  const told = transition(change, change.before, change.after, FIELDS.conn);
  if (change.after === null) return told;
  const leak = leakItems(change.after, PLAIN);
  if (leak.length === 0) return told;
  return { ...told, fields: [['leaked', 'in no list, no stream'], ...told.fields] };
}
