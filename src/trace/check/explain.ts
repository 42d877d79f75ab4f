import { suggest } from '../text/suggest.ts';
import {
  describePath,
  describeValue,
  type Issue,
  orList,
  type Path,
  quote,
} from '../text/wording.ts';
import { isObject } from './acceptor.ts';
import type { ObjectShape, Shape } from './shape.ts';

/** Most problems told about one line; a line of megabytes could hold millions. */
export const MAX_ISSUES = 100;

/**
 * Everything that keeps a JSON value from fitting a shape, at most `MAX_ISSUES`; empty exactly when
 * the acceptor of the shape accepts the value. `name` is what to call the value itself.
 */
export function explain(shape: Shape, value: unknown, name: string): Issue[] {
  const issues: Issue[] = [];
  visit(shape, value, { root: name, path: [], orNull: false, issues });
  return issues;
}

/** What a shape allows, in words: `a whole number from 0 to 63`. */
export function describeShape(shape: Shape): string {
  switch (shape.kind) {
    case 'string':
      return shape.nonEmpty ? 'a non-empty string' : 'a string';
    case 'number':
      return `a ${shape.integer ? 'whole number' : 'number'}${describeRange(shape.min, shape.max)}`;
    case 'boolean':
      return 'true or false';
    case 'unknown':
      return 'anything';
    case 'choice':
      return orList(shape.values.map(describeValue));
    case 'nullable':
      return `${describeShape(shape.inner)}, or null`;
    case 'either':
      return `${describeShape(shape.inner)}, or ${orList(shape.values.map(describeValue))}`;
    case 'array':
      return 'an array';
    case 'tuple':
      return `an array of ${shape.items.length}: ${shape.items.map(describeShape).join(', ')}`;
    case 'record':
    case 'object':
      return 'an object';
  }
}

function describeRange(min: number, max: number): string {
  if (max !== Number.POSITIVE_INFINITY) return ` from ${min} to ${max}`;
  return min === Number.NEGATIVE_INFINITY ? '' : ` of at least ${min}`;
}

interface Spot {
  /** What to call the outermost value. */
  readonly root: string;
  readonly path: Path;
  /** Null is allowed here too. */
  readonly orNull: boolean;
  readonly issues: Issue[];
}

function visit(shape: Shape, value: unknown, spot: Spot): void {
  if (spot.issues.length >= MAX_ISSUES) return;
  switch (shape.kind) {
    case 'string':
      if (typeof value !== 'string' || (shape.nonEmpty && value === ''))
        mismatch(shape, value, spot);
      return;
    case 'number':
      visitNumber(shape, value, spot);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') mismatch(shape, value, spot);
      return;
    case 'unknown':
      return;
    case 'choice':
      if (!shape.values.some((allowed) => allowed === value)) mismatch(shape, value, spot);
      return;
    case 'nullable':
      if (value !== null) visit(shape.inner, value, { ...spot, orNull: true });
      return;
    case 'either':
      if (shape.values.some((allowed) => allowed === value)) return;
      if (explain(shape.inner, value, spot.root).length > 0) mismatch(shape, value, spot);
      return;
    case 'array':
      if (!Array.isArray(value)) mismatch(shape, value, spot);
      else visitItems(value, () => shape.item, spot);
      return;
    case 'tuple':
      if (!Array.isArray(value) || value.length !== shape.items.length)
        mismatch(shape, value, spot);
      else visitItems(value, (index) => shape.items[index], spot);
      return;
    case 'record':
      if (!isObject(value)) mismatch(shape, value, spot);
      else visitRecord(shape, value, spot);
      return;
    case 'object':
      if (!isObject(value)) mismatch(shape, value, spot);
      else visitObject(shape, value, spot);
  }
}

function visitAt(shape: Shape, value: unknown, step: string | number, spot: Spot): void {
  if (spot.issues.length >= MAX_ISSUES) return;
  visit(shape, value, { ...keySpot(spot, step), orNull: false });
}

function visitItems(
  items: readonly unknown[],
  shapeAt: (index: number) => Shape | undefined,
  spot: Spot,
): void {
  for (const [index, item] of items.entries()) {
    const shape = shapeAt(index);
    if (shape !== undefined) visitAt(shape, item, index, spot);
  }
}

function visitNumber(shape: Shape & { kind: 'number' }, value: unknown, spot: Spot): void {
  if (typeof value !== 'number') mismatch(shape, value, spot);
  else if (!Number.isFinite(value) || (shape.integer && Math.abs(value) >= 2 ** 53)) {
    const what = `${nameOf(spot)} is too ${value > 0 ? 'large' : 'small'} a number`;
    const limit = shape.integer ? ', within ±9007199254740991' : '';
    add(spot, 'value', what, `${mustBe(shape, spot)}${limit}`);
  } else if (value < shape.min || value > shape.max || (shape.integer && value % 1 !== 0)) {
    mismatch(shape, value, spot);
  }
}

function visitRecord(shape: Shape & { kind: 'record' }, value: object, spot: Spot): void {
  for (const [key, item] of Object.entries(value)) {
    if (!shape.key.nonEmpty || key !== '') visitAt(shape.value, item, key, spot);
    else
      add(keySpot(spot, key), 'key', `a key in ${nameOf(spot)} is empty`, mustBe(shape.key, spot));
  }
}

function visitObject(shape: ObjectShape, value: object, spot: Spot): void {
  const missing = new Set(shape.keys.keys());
  for (const [key, item] of Object.entries(value)) {
    const known = shape.keys.get(key);
    missing.delete(key);
    if (known !== undefined) {
      visitAt(known.shape, item, key, spot);
      continue;
    }
    const keys = [...shape.keys.keys()];
    const meant = suggest(key, keys);
    const allowed =
      meant === null ? `allowed here: ${keys.join(', ')}` : `did you mean ${quote(meant)}?`;
    add(keySpot(spot, key), 'key', `unknown key ${quote(key)} in ${nameOf(spot)}`, allowed);
  }
  for (const key of missing) {
    const known = shape.keys.get(key);
    if (known?.required !== true) continue;
    const allowed = `it is required: ${describeShape(known.shape)}`;
    add(spot, 'value', `${nameOf(spot)} lacks ${quote(key)}`, allowed);
  }
}

function keySpot(spot: Spot, key: string | number): Spot {
  return { ...spot, path: [...spot.path, key] };
}

function nameOf(spot: Spot): string {
  return spot.path.length === 0 ? spot.root : describePath(spot.path);
}

function mismatch(shape: Shape, value: unknown, spot: Spot): void {
  const empty = value === '' && shape.kind === 'string';
  const what = `${nameOf(spot)} is ${empty ? 'empty' : describeValue(value)}`;
  add(spot, 'value', what, mustBe(shape, spot));
}

function mustBe(shape: Shape, spot: Spot): string {
  return `it must be ${describeShape(shape)}${spot.orNull ? ', or null' : ''}`;
}

function add(spot: Spot, on: Issue['on'], what: string, allowed: string): void {
  if (spot.issues.length < MAX_ISSUES) spot.issues.push({ path: spot.path, on, what, allowed });
}
