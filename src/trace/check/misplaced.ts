import { describePath } from '../text/wording.ts';
import type { ObjectShape, Shape } from './shape.ts';
import { specimenOf } from './specimen.ts';

/** How deep below an object a key is looked for. */
const MAX_DEPTH = 4;

/**
 * Where a key belongs that an object does not have: below it (`in expect`), or in one of the
 * objects around it; null when it is in none of them. Ids on the way are common ones.
 *
 * @param around the objects that the object is in, from the outside in, and what to call them
 */
export function placeOf(
  key: string,
  shape: ObjectShape,
  around: readonly (readonly [name: string, shape: ObjectShape])[],
): string | null {
  const below = pathTo(key, shape, MAX_DEPTH);
  if (below !== null) return `in ${describePath(below)}`;
  const outer = around.findLast(([, each]) => each.keys.has(key));
  return outer === undefined ? null : `directly in ${outer[0]}`;
}

/** The way from an object to the nearest one below it that has a key. */
function pathTo(key: string, shape: ObjectShape, depth: number): readonly string[] | null {
  if (depth === 0) return null;
  const inner = Array.from(shape.keys, ([name, entry]) => innerObject(name, entry.shape));
  const known = inner.filter((each) => each !== null);
  const here = known.find((each) => each.shape.keys.has(key));
  if (here !== undefined) return here.path;
  for (const each of known) {
    const path = pathTo(key, each.shape, depth - 1);
    if (path !== null) return [...each.path, ...path];
  }
  return null;
}

/** The object that a key holds, or that the entries of a key are. */
function innerObject(
  name: string,
  shape: Shape,
): { readonly path: readonly string[]; readonly shape: ObjectShape } | null {
  if (shape.kind === 'object') return { path: [name], shape };
  if (shape.kind !== 'record') return null;
  const value = shape.value.kind === 'nullable' ? shape.value.inner : shape.value;
  if (value.kind !== 'object') return null;
  const specimen = specimenOf(name, shape);
  const [id = 'x'] = Object.keys(specimen as object);
  return { path: [name, id], shape: value };
}
