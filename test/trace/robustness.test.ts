import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventSchemas, headerSchema } from '../../src/format/index.ts';
import { formatProblem, readTrace } from '../../src/trace/index.ts';
import { sized } from '../size.ts';
import { mutatedEvent, mutatedHeader } from './arbitraries.ts';
import { CONNECT, HEADER, SESSION } from './helpers.ts';

/** Reads bytes and checks what holds for every input. */
function read(bytes: Uint8Array): void {
  const { header, events, problems } = readTrace('x', bytes);
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  for (const problem of problems) {
    expect(problem.line).toBeGreaterThanOrEqual(1);
    expect(problem.line).toBeLessThanOrEqual(lines.length);
    expect(problem.column).toBeGreaterThanOrEqual(1);
    expect(problem.column).toBeLessThanOrEqual((lines[problem.line - 1] ?? '').length + 1);
    expect(formatProblem(problem)).toMatch(/^x:\d+:\d+: [^\p{Cc}\p{Cs}]+$/u);
  }
  if (header === null) expect(problems).not.toEqual([]);
  else expect(headerSchema.safeParse(header).success).toBe(true);
  for (const { event } of events) {
    expect(eventSchemas[event.event].safeParse(event).success).toBe(true);
  }
}

describe('no input makes the reader throw', () => {
  it('be it any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), read), { numRuns: sized(250) });
  });

  it('be it any text after a header', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(fc.array(fc.oneof(text, fc.json()), { maxLength: 5 }), (lines) => {
        read(Buffer.from([HEADER, ...lines].join('\n')));
      }),
      { numRuns: sized(250) },
    );
  });

  it('be it lines in which bytes were changed, dropped or doubled', () => {
    const detach =
      '{"event":"detach","strm":"t1","expect":{"conn":{"c1":{"owner":null,"flags":[]}}}}';
    const valid = Buffer.from([HEADER, SESSION, CONNECT, detach, ''].join('\n'));
    const edit = fc.record({
      at: fc.nat(valid.length),
      drop: fc.nat(3),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 3 }),
        fc
          .constantFrom('"', '{', '}', ',', '\n', '\\', '"at":1,', '"__proto__":{},')
          .map(Buffer.from),
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        let bytes = valid;
        for (const { at, drop, insert } of edits) {
          bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + drop)]);
        }
        read(bytes);
      }),
      { numRuns: sized(500) },
    );
  });

  it('be it values that almost fit', () => {
    const line = fc.oneof(
      mutatedHeader,
      mutatedEvent.map(({ value }) => value),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (values) => {
        read(Buffer.from(values.map((value) => JSON.stringify(value)).join('\n')));
      }),
      { numRuns: sized(250) },
    );
  });
});
