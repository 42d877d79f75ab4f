import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { EventScanner } from '../../src/trace/bytes/event-scanner.ts';
import { formatProblem, formatTrace, readTrace } from '../../src/trace/index.ts';
import { archivedTraces } from '../recordings/archives.ts';
import { sized } from '../size.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Those of releases, in archives. */
const RELEASES = join(ROOT, '../shared/recordings-releases');
/** Recordings of the real program lie beside a development checkout; traces are part of it. */
const FOLDERS = [join(ROOT, '../shared/recordings'), join(ROOT, 'traces')];
/** Of an archive, one trace in so many is read. */
const EVERY = sized(8, 1);

function tracesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.jsonl')).sort();
}

function parse(text: string): unknown[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

describe.each(FOLDERS)('every trace in %s', (folder) => {
  const names = tracesIn(folder);

  it.skipIf(names.length === 0)(
    'reads without a problem, and is written back the same',
    () => {
      for (const name of names) {
        const text = readFileSync(join(folder, name), 'utf8');
        const { header, events, problems } = readTrace(name, text);
        expect(problems.map(formatProblem)).toEqual([]);
        if (header === null) throw new Error(`${name} has no header`);
        const values = events.map(({ event }) => event);
        expect(isDeepStrictEqual(parse(formatTrace(header, values)), parse(text))).toBe(true);
      }
    },
    60_000,
  );

  it.skipIf(names.length === 0)('is read from its bytes, line by line, but for a few', () => {
    const scanner = new EventScanner();
    let lines = 0;
    let scanned = 0;
    for (const name of names) {
      const bytes = readFileSync(join(folder, name));
      const first = bytes.indexOf('\n') + 1;
      for (let at = first; at > 0 && at < bytes.length; at = bytes.indexOf('\n', at) + 1) {
        lines++;
        if (scanner.scan(bytes, at) !== null) scanned++;
      }
    }
    expect(scanned / lines).toBeGreaterThan(0.98);
  });
});

describe.skipIf(!existsSync(RELEASES))('the recordings of releases', () => {
  it('read without a problem, are written back the same, and from their bytes but for a few', () => {
    const scanner = new EventScanner();
    for (const [archive, traces] of archivedTraces(RELEASES)) {
      expect(traces.size, archive).toBeGreaterThan(30);
      let lines = 0;
      let scanned = 0;
      for (const [name, bytes] of [...traces].filter((_, at) => at % EVERY === 0)) {
        const text = bytes.toString('utf8');
        const { header, events, problems } = readTrace(name, text);
        expect(problems.map(formatProblem)).toEqual([]);
        if (header === null) throw new Error(`${name} has no header`);
        const values = events.map(({ event }) => event);
        expect(isDeepStrictEqual(parse(formatTrace(header, values)), parse(text)), name).toBe(true);
        for (let at = bytes.indexOf('\n') + 1; at > 0 && at < bytes.length; ) {
          lines++;
          if (scanner.scan(bytes, at) !== null) scanned++;
          at = bytes.indexOf('\n', at) + 1;
        }
      }
      expect(scanned / lines, archive).toBeGreaterThan(0.98);
    }
  }, 300_000);
});
