import type { Value } from '../replay/result.ts';

/** What becomes of one key of an object. */
export type Edit =
  | { readonly kind: 'set'; readonly value: Value }
  | { readonly kind: 'remove' }
  | ObjectEdit;

/** Edits of an object that stay inside it; a key that it lacks is added, in this order. */
export interface ObjectEdit {
  readonly kind: 'inside';
  readonly keys: Map<string, Edit>;
}

/** An object's edits, none yet. */
export function noEdits(): ObjectEdit {
  return { kind: 'inside', keys: new Map() };
}

/** Adds an edit of the key that a path leads to; it wins over one that was added before. */
export function addEdit(root: ObjectEdit, path: readonly string[], edit: Edit): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    root.keys.set(key, edit);
    return;
  }
  let inner = root.keys.get(key);
  if (inner?.kind !== 'inside') {
    inner = noEdits();
    root.keys.set(key, inner);
  }
  addEdit(inner, rest, edit);
}

/** What an edit makes where there is nothing yet; undefined when it makes nothing. */
export function madeBy(edit: Edit): Value | undefined {
  if (edit.kind === 'set') return edit.value;
  if (edit.kind === 'remove') return undefined;
  const entries: [string, Value][] = [];
  for (const [key, inner] of edit.keys) {
    const value = madeBy(inner);
    if (value !== undefined) entries.push([key, value]);
  }
  // Object.fromEntries makes `__proto__` a key like any other; an assignment would not.
  return Object.fromEntries(entries);
}
