import { suggest, withSuggestion } from '../text/suggest.ts';
import {
  describePath,
  describeValue,
  type Issue,
  orList,
  type Path,
  quote,
} from '../text/wording.ts';
import { isObject } from './acceptor.ts';
import { placeOf } from './misplaced.ts';
import type { ObjectShape, Shape, StringShape } from './shape.ts';
import { fits, retyped, spacedJson, specimenOf, specimenText } from './specimen.ts';

/** Most problems told about one line; a line of megabytes could hold millions. */
export const MAX_ISSUES = 100;

/**
 * Everything that keeps a JSON value from fitting a shape, at most `MAX_ISSUES`; empty exactly when
 * the acceptor of the shape accepts the value. `name` is what to call the value itself.
 */
export function explain(shape: Shape, value: unknown, name: string): Issue[] {
  const issues: Issue[] = [];
  visit(shape, value, { root: name, path: [], orNull: false, field: null, around: [], issues });
  return issues;
}

/** What a shape allows, in words: `a whole number from 0 to 63`. */
export function describeShape(shape: Shape): string {
  switch (shape.kind) {
    case 'string':
      return describeString(shape);
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
    case 'text-or-object':
      return `an object, or ${describeShape(shape.text)}`;
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
  /** The innermost key of the format that the value belongs to, and what that may be. */
  readonly field: { readonly key: string; readonly shape: Shape } | null;
  /** The objects that the value is in, from the outside in, and what to call them. */
  readonly around: readonly (readonly [name: string, shape: ObjectShape])[];
  readonly issues: Issue[];
}

function visit(shape: Shape, value: unknown, spot: Spot): void {
  if (spot.issues.length >= MAX_ISSUES) return;
  switch (shape.kind) {
    case 'string':
      if (typeof value === 'string' && value.length > shape.maxLength) {
        const what = `${nameOf(spot)} has ${value.length} characters`;
        add(spot, 'value', what, mustBe(shape, spot));
      } else if (typeof value !== 'string' || (shape.nonEmpty && value === ''))
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
    case 'text-or-object':
      if (isObject(value)) visit(shape.object, value, spot);
      else if (explain(shape.text, value, spot.root).length > 0) mismatch(shape, value, spot);
      return;
    case 'array':
      // A list of one thing, without its own brackets, is one mistake.
      if (!Array.isArray(value) || isItem(shape, value)) mismatch(shape, value, spot);
      // Nor are lists without any of theirs as many mistakes as there are things in them.
      else if (shape.item.kind === 'tuple' && value.length > 1 && !value.some(Array.isArray))
        withoutLists(value, spot);
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

/** Tells a list of lists that has none in it. */
function withoutLists(value: readonly unknown[], spot: Spot): void {
  const what = `${nameOf(spot)} has ${describeValue(value[0])} where it must have a list`;
  add(spot, 'value', what, `it must be an array of arrays${exampleOf(spot.field)}`);
}

function isItem(shape: Shape & { kind: 'array' }, value: unknown): boolean {
  return !fits(shape, value) && fits(shape.item, value);
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
    add(spot, 'value', what, mustBe(shape, spot, limit));
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
  const around = [...spot.around, [nameOf(spot), shape] as const];
  const missing = new Set(requiredOf(shape).filter((key) => !Object.hasOwn(value, key)));
  const unknown = Object.keys(value).filter((key) => !shape.keys.has(key));
  for (const [key, item] of Object.entries(value)) {
    const known = shape.keys.get(key);
    if (known !== undefined) {
      visitAt(known.shape, item, key, { ...spot, around, field: { key, shape: known.shape } });
      continue;
    }
    const [only] = unknown.length === 1 && missing.size === 1 ? missing : [];
    const needed = only === undefined ? undefined : shape.keys.get(only);
    const lacks = needed !== undefined && fits(needed.shape, item) ? only : undefined;
    // One key misspelt is not another one missing as well.
    const meant = unknownKey(shape, key, spot, lacks);
    if (meant !== null) missing.delete(meant);
  }
  for (const key of missing) {
    const known = shape.keys.get(key);
    if (known === undefined) continue;
    const example = exampleOf({ key, shape: known.shape });
    const allowed = `it is required: ${describeShape(known.shape)}${example}`;
    add(spot, 'value', `${nameOf(spot)} lacks ${quote(key)}`, allowed);
  }
}

function requiredOf({ keys }: ObjectShape): string[] {
  return [...keys].filter(([, { required }]) => required).map(([key]) => key);
}

/** Tells an unknown key. Returns the key that was meant, `lacks` if no other is, or null. */
function unknownKey(
  shape: ObjectShape,
  key: string,
  spot: Spot,
  lacks: string | undefined,
): string | null {
  const keys = [...shape.keys.keys()];
  const place = placeOf(key, shape, spot.around);
  const meant = place === null ? (suggest(key, keys) ?? lacks ?? null) : null;
  const hints = withSuggestion(meant && quote(meant), `allowed here: ${keys.join(', ')}`);
  const allowed = place === null ? hints : `it belongs ${place}; ${hints}`;
  add(keySpot(spot, key), 'key', `unknown key ${quote(key)} in ${nameOf(spot)}`, allowed);
  return meant;
}

function keySpot(spot: Spot, key: string | number): Spot {
  return { ...spot, path: [...spot.path, key] };
}

function nameOf(spot: Spot): string {
  return spot.path.length === 0 ? spot.root : describePath(spot.path);
}

function describeString({ nonEmpty, maxLength }: StringShape): string {
  const most = maxLength === Number.POSITIVE_INFINITY ? '' : ` of at most ${maxLength} characters`;
  return `${nonEmpty ? 'a non-empty string' : 'a string'}${most}`;
}

function mismatch(shape: Shape, value: unknown, spot: Spot): void {
  const empty = value === '' && shape.kind === 'string';
  const what = `${nameOf(spot)} is ${empty ? 'empty' : describeValue(value)}`;
  add(spot, 'value', what, withSuggestion(meantBy(shape, value), mustBe(shape, spot)));
}

/** The value that was meant, as JSON. */
function meantBy(shape: Shape, value: unknown): string | null {
  const typed = retyped(shape, value);
  if (typed !== undefined) return spacedJson(typed);
  const inner = shape.kind === 'array' ? shape.item : shape;
  if (typeof value !== 'string' || inner.kind !== 'choice') return null;
  const words = inner.values.filter((each) => typeof each === 'string');
  if (shape !== inner) {
    const several = eachMeant(value, words);
    if (several !== null) return spacedJson(several);
  }
  const meant = suggest(value, words);
  return meant && (shape === inner ? quote(meant) : `[${quote(meant)}]`);
}

/** The words of a text that was meant to be a list, as in C: `PRIVATE|SESS_IDLE`; null if one is none. */
function eachMeant(text: string, words: readonly string[]): readonly string[] | null {
  const pieces = text.split(/[\s|,+&]+/).filter((piece) => piece !== '');
  if (pieces.length < 2) return null;
  const meant = pieces.map((piece) => (words.includes(piece) ? piece : suggest(piece, words)));
  return meant.every((word) => word !== null) ? [...new Set(meant)] : null;
}

/** What is allowed, and an example of it: a list of all values needs none. */
function mustBe(shape: Shape, spot: Spot, limit = ''): string {
  const example = shape.kind === 'choice' ? '' : exampleOf(spot.field);
  return `it must be ${describeShape(shape)}${spot.orNull ? ', or null' : ''}${limit}${example}`;
}

function exampleOf(field: Spot['field']): string {
  if (field === null || field.shape.kind === 'choice') return '';
  return `, e.g. ${specimenText(field.key, specimenOf(field.key, field.shape))}`;
}

function add(spot: Spot, on: Issue['on'], what: string, allowed: string): void {
  if (spot.issues.length < MAX_ISSUES) spot.issues.push({ path: spot.path, on, what, allowed });
}
