import type { CallName } from '../../engine/objects/step-log.ts';
import type { NameKind, Rename } from './name-kind.ts';

/** What the arguments of a call name, and what it returns; null for a number. */
interface CallShape {
  readonly takes: readonly (NameKind | null)[];
  readonly returns: NameKind | null;
}

const SHAPES: Readonly<Record<CallName, CallShape>> = {
  conn_new: { takes: [], returns: 'conn' },
  conn_set_private: { takes: ['conn'], returns: null },
  conn_set_owner: { takes: ['conn', 'sess'], returns: null },
  session_add_conn: { takes: ['sess', 'conn'], returns: null },
  session_unown_conn: { takes: ['sess', 'conn'], returns: null },
  session_check_idle_conn: { takes: ['sess', 'conn'], returns: null },
  srv_add_to_idle_list: { takes: ['srv', 'conn', null], returns: null },
  conn_backend_get: { takes: ['srv', null], returns: 'conn' },
  mux_destroy: { takes: ['conn'], returns: null },
  mux_release: { takes: ['conn'], returns: null },
  conn_free: { takes: ['conn'], returns: null },
};
const SHAPE_OF: ReadonlyMap<string, CallShape> = new Map(Object.entries(SHAPES));

const CALL = /^(\w+)\((.*)\)(?: = (.*))?$/s;
/** Stands behind the name of an owner that is freed. */
export const FREED = '!freed';

/**
 * The text of a call with other names: `session_add_conn(s7, c9) = 1`. A text that is no such
 * call stays as it is.
 */
export function renameCall(text: string, rename: Rename): string {
  const [, fn = '', inside = '', result] = CALL.exec(text) ?? [];
  const shape = SHAPE_OF.get(fn);
  const args = inside === '' ? [] : inside.split(', ');
  if (shape === undefined || args.length !== shape.takes.length) return text;
  const renamed = args.map((arg, at) => renameWord(shape.takes[at] ?? null, arg, rename));
  const returned = result === undefined ? '' : ` = ${renameWord(shape.returns, result, rename)}`;
  return `${fn}(${renamed.join(', ')})${returned}`;
}

function renameWord(kind: NameKind | null, word: string, rename: Rename): string {
  if (kind === null || word === 'NULL') return word;
  return kind === 'sess' ? renameOwner(word, rename) : rename(kind, word);
}

/** A session, or one that is freed: an id may end like that, too, and then has a new name itself. */
export function renameOwner(owner: string, rename: Rename): string {
  const whole = rename('sess', owner);
  if (whole !== owner || !owner.endsWith(FREED)) return whole;
  return rename('sess', owner.slice(0, -FREED.length)) + FREED;
}
