import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Value } from '../../src/replay/result.ts';
import { addEdit, type Edit, noEdits } from '../../src/update/edit.ts';
import { editLine } from '../../src/update/edit-line.ts';
import { sized } from '../size.ts';

const REMOVE: Edit = { kind: 'remove' };
const set = (value: Value): Edit => ({ kind: 'set', value });

/** The line after some edits, each a path and what becomes of it. */
function edited(line: string, ...edits: readonly [path: string, edit: Edit][]): string {
  const all = noEdits();
  for (const [path, edit] of edits) addEdit(all, path.split('.'), edit);
  return editLine(line, JSON.parse(line), all);
}

describe('editing a line', () => {
  test('changes the bytes of one value only', () => {
    const line = '\t{ "a" :[1, {}] ,"event":"x", "b": {"c":  "\\u0041","d":1.50e0}}  \r\n';
    expect(edited(line, ['b.c', set('B')])).toBe(line.replace('"\\u0041"', '"B"'));
    expect(edited(line, ['a', set(null)])).toBe(line.replace('[1, {}]', 'null'));
  });

  test('finds a key however it is spelt', () => {
    const line = '{"event":"x","\\u005f_proto__":{"a\\/b":1}}';
    expect(edited(line, ['__proto__.a/b', set(2)])).toBe(line.replace('1', '2'));
  });

  test('adds keys behind the last one, in the order of the edits', () => {
    const line = '{"event":"x","e":{"b":1}}';
    expect(edited(line, ['e.a', set(1)], ['e.c', set([])])).toBe(
      '{"event":"x","e":{"b":1,"a":1,"c":[]}}',
    );
    expect(edited(line, ['f.g.__proto__', set(1)])).toBe(
      '{"event":"x","e":{"b":1},"f":{"g":{"__proto__":1}}}',
    );
  });

  test('adds in the style of the line', () => {
    const value = { a: [1, 2], b: { c: null } };
    expect(edited('{"event": "x", "e": {}}', ['e.f', set(value)])).toBe(
      '{"event": "x", "e": {"f": {"a": [1, 2], "b": {"c": null}}}}',
    );
    expect(edited('{"event": "x"}', ['e', set(value)])).toBe(
      '{"event": "x", "e": {"a": [1, 2], "b": {"c": null}}}',
    );
    expect(edited('{"a":1, "event":"x"}', ['e', set(value)])).toBe(
      '{"a":1, "event":"x", "e":{"a":[1, 2], "b":{"c":null}}}',
    );
    expect(edited('{"event":"x"}', ['e', set(value)])).toBe(
      '{"event":"x","e":{"a":[1,2],"b":{"c":null}}}',
    );
  });

  test.each([
    ['the first', ['a'], '{"event":"x","e":{ "b" :2 , "c":3 }}'],
    ['one in the middle', ['b'], '{"event":"x","e":{ "a": 1 , "c":3 }}'],
    ['the last', ['c'], '{"event":"x","e":{ "a": 1,"b" :2 }}'],
    ['the first two', ['a', 'b'], '{"event":"x","e":{ "c":3 }}'],
    ['the last two', ['c', 'b'], '{"event":"x","e":{ "a": 1 }}'],
    ['all but one', ['a', 'c'], '{"event":"x","e":{ "b" :2 }}'],
    ['all', ['a', 'b', 'c'], '{"event":"x","e":{  }}'],
  ])('removes %s with one comma', (_, keys, after) => {
    const line = '{"event":"x","e":{ "a": 1,"b" :2 , "c":3 }}';
    expect(edited(line, ...keys.map((key) => [`e.${key}`, REMOVE] as [string, Edit]))).toBe(after);
  });

  test('adds a key in place of the only one', () => {
    expect(edited('{"event":"x","e":{"a":1}}', ['e.a', REMOVE], ['e.b', set(2)])).toBe(
      '{"event":"x","e":{"b":2}}',
    );
  });

  test('does not miss a key that is to be removed', () => {
    expect(edited('{"event":"x","e":{}}', ['e.a', REMOVE])).toBe('{"event":"x","e":{}}');
  });
});

const key = fc.constantFrom('a', 'b', '1', '0', '__proto__', 'é', 'to"String', '\u2028', '\\');
const json = fc.letrec<{ value: Value; object: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Value>(null, true, 1.5, '}', '",', '\\"', ''),
    fc.array(tie('value'), { maxLength: 2 }),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 4 })
    .map((entries): Value => Object.fromEntries(entries)),
})).object;
const edits = fc.array(
  fc.tuple(
    fc.array(key, { minLength: 1, maxLength: 3 }),
    fc.oneof(json.map(set), fc.constant(REMOVE)),
  ),
  { maxLength: 4 },
);

/** JSON with blanks wherever they may stand. */
function spaced(value: Value, blank: () => string): string {
  const inner = (): string => {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    if (Array.isArray(value)) {
      return `[${blank()}${value.map((item: Value) => spaced(item, blank)).join(',')}]`;
    }
    const entries = Object.entries(value).map(
      ([name, item]) => `${blank()}${JSON.stringify(name)}${blank()}:${spaced(item, blank)}`,
    );
    return `{${entries.join(',')}${blank()}}`;
  };
  return `${blank()}${inner()}${blank()}`;
}

/** What the edits should make of the value: the same, done to the value instead of the text. */
function applied(value: Value, path: readonly string[], edit: Edit): Value {
  const [name, ...rest] = path;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (name === undefined) return edit.kind === 'set' ? edit.value : value;
  const entries = new Map<string, Value>(isObject ? Object.entries(value) : []);
  if (rest.length > 0) entries.set(name, applied(entries.get(name) ?? {}, rest, edit));
  else if (edit.kind === 'set') entries.set(name, edit.value);
  else entries.delete(name);
  return Object.fromEntries(entries);
}

test('an edit of the text is the same edit of the value, for any text', () => {
  fc.assert(
    fc.property(
      json,
      edits,
      fc.infiniteStream(fc.constantFrom('', ' ', '\t')),
      (e, list, blanks) => {
        const blank = (): string => blanks.next().value ?? '';
        const line = spaced({ event: 'x', e }, blank);
        const [first] = list;
        const all = noEdits();
        if (first !== undefined) addEdit(all, ['e', ...first[0]], first[1]);
        const result = editLine(line, JSON.parse(line), all);
        const wanted =
          first === undefined
            ? { event: 'x', e }
            : applied({ event: 'x', e }, ['e', ...first[0]], first[1]);
        expect(JSON.parse(result)).toEqual(wanted);
      },
    ),
    { numRuns: sized(500) },
  );
});

test('several edits of a text are the same as one after the other', () => {
  fc.assert(
    fc.property(json, fc.uniqueArray(key, { maxLength: 5 }), (e, keys) => {
      const line = JSON.stringify({ event: 'x', e });
      const list = keys.map((name, at): [string, Edit] => [name, at % 2 === 0 ? REMOVE : set(at)]);
      const all = noEdits();
      for (const [name, edit] of list) addEdit(all, ['e', name], edit);
      let one = line;
      for (const [name, edit] of list) {
        const single = noEdits();
        addEdit(single, ['e', name], edit);
        one = editLine(one, JSON.parse(one), single);
      }
      expect(editLine(line, JSON.parse(line), all)).toBe(one);
    }),
    { numRuns: sized(500) },
  );
});
