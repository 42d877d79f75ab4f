import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { UPDATE_MODES } from '../../src/update/index.ts';
import { linesOf, update } from './support.ts';

const PAIRS = new URL('../fixtures/update/', import.meta.url);

describe.each(UPDATE_MODES)('an update: %s', (mode) => {
  const folder = new URL(`${mode}/`, PAIRS);
  describe.each(readdirSync(folder).sort())('%s', (name) => {
    const before = readFileSync(new URL(`${name}/before.jsonl`, folder));
    const after = readFileSync(new URL(`${name}/after.jsonl`, folder));

    test('turns before.jsonl into after.jsonl, byte by byte', () => {
      const { bytes, problems } = update(before, mode);
      expect(problems).toEqual([]);
      expect(bytes.toString('utf8')).toBe(after.toString('utf8'));
      expect(bytes.equals(after)).toBe(true);
    });

    test('changes nothing in after.jsonl, which is valid', () => {
      const { bytes, lines, problems } = update(after, mode);
      expect({ lines, problems }).toEqual({ lines: [], problems: [] });
      expect(bytes.equals(after)).toBe(true);
    });

    test('leaves every line alone that it does not count', () => {
      const { bytes, lines } = update(before, mode);
      const changed = linesOf(bytes).flatMap((line, at) =>
        line === linesOf(before)[at] ? [] : [at + 1],
      );
      expect(lines.length).toBeGreaterThan(0);
      expect(changed).toEqual(lines);
    });
  });
});
