import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventScanner } from '../../src/trace/bytes/event-scanner.ts';
import { REJECTED } from '../../src/trace/check/acceptor.ts';
import { acceptEvent } from '../../src/trace/check/validate.ts';
import { scan } from '../../src/trace/text/scanner.ts';
import { sized } from '../size.ts';
import { mutatedEvent, validEvent } from './arbitraries.ts';
import { CONNECT, HEADER, SESSION, transcript } from './helpers.ts';

// Properties run many times; a busy machine is no failure.

const scanner = new EventScanner();

/** What the scanner makes of a whole line; null when it leaves the line to others. */
function scanned(line: string): unknown {
  const bytes = Buffer.from(`${line}\n`);
  const event = scanner.scan(bytes, 0);
  return event !== null && scanner.end === bytes.length - 1 ? event : null;
}

/** What is read of lines of which none is of the usual spelling: white space follows each. */
function readAsText(lines: readonly string[]): string[] {
  return transcript([Buffer.from(lines.map((line) => `${line} \n`).join(''))]);
}

/** What is read of lines, those of the usual spelling from their bytes. */
function read(lines: readonly string[]): string[] {
  return transcript([Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
}

/** A problem without its place: a space more is told where a line ends too early. */
function withoutPlace(problem: string): string {
  return problem.replace(/^x:\d+:\d+/, '');
}

/** A text with some characters dropped, doubled or replaced. */
function edited(line: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(400),
    drop: fc.nat(2),
    insert: fc.constantFrom(
      ...['', '', '"', '{', '}', '[', ']', ',', ':', ' ', '\\', '\\u0061', 'é', '\u007f', '0', '-'],
      ...['1e3', '.5', '01', '"at":1,', '"__proto__":{},', '"a":null,', '"event":"detach",', '9'],
    ),
  });
  return fc.tuple(line, fc.array(edit, { maxLength: 2 })).map(([text, edits]) => {
    let result = text;
    for (const { at, drop, insert } of edits) {
      const place = at % (result.length + 1);
      result = result.slice(0, place) + insert + result.slice(place + drop);
    }
    return result;
  });
}

/** The keys of an object in another order. */
function shuffled(value: object): fc.Arbitrary<object> {
  const { event, ...rest } = value as Record<string, unknown>;
  const entries = Object.entries(rest);
  return fc
    .shuffledSubarray(entries, { minLength: entries.length })
    .map((order) => ({ event, ...Object.fromEntries(order) }));
}

const line = edited(
  fc.oneof(
    validEvent.chain((event) => shuffled(event as object)).map((event) => JSON.stringify(event)),
    mutatedEvent.map(({ value }) => JSON.stringify(value) ?? ''),
    fc.constantFrom(SESSION, CONNECT, '{"event":"session_new","sess":"s1","sess":"s2","fe":"fe"}'),
  ),
);

describe('the scanner of events', () => {
  it('reads nothing but what JSON.parse makes of the line, valid and without a key twice', () => {
    let read = 0;
    fc.assert(
      fc.property(line, (text) => {
        const event = scanned(text);
        if (event === null) return;
        read++;
        const parsed: unknown = JSON.parse(text);
        expect(event).toEqual(parsed);
        // The order of the keys, which reports show, and the sign of zero.
        expect(JSON.stringify(event)).toBe(JSON.stringify(parsed));
        expect(acceptEvent(parsed)).not.toBe(REJECTED);
        expect(scan(text)).toEqual({ syntax: null, duplicates: [] });
      }),
      { numRuns: sized(2000) },
    );
    expect(read).toBeGreaterThan(100);
  });

  it('lets the reader judge no line differently, in any company', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const trace = [HEADER, SESSION, ...lines.map((text) => text.replaceAll('\n', ''))];
        expect(read(trace).map(withoutPlace)).toEqual(readAsText(trace).map(withoutPlace));
      }),
      { numRuns: sized(500) },
    );
  });

  it('ends what a line before it has left open', () => {
    const trace = [HEADER, `${SESSION.slice(0, -3)}`, CONNECT, CONNECT.slice(1)];
    const told = read(trace);
    expect(told.at(-1)).toContain('the line lacks the brace that opens its object');
    expect(told.map(withoutPlace)).toEqual(readAsText(trace).map(withoutPlace));
  });

  it.each([
    ['a carriage return', `${CONNECT}\r`, true],
    ['keys in another order', '{"event":"session_new","fe":"fe","sess":"s1"}', true],
    ['a fraction', '{"event":"session_new","at":12.5,"sess":"s1","fe":"fe"}', true],
    ['an empty list of each kind', '{"event":"detach","strm":"t","expect":{"conn":{}}}', true],
    ['white space', '{"event":"session_new", "sess":"s1","fe":"fe"}', false],
    ['an escape', '{"event":"session_new","sess":"s\\u0031","fe":"fe"}', false],
    ['other letters', '{"event":"session_new","sess":"é","fe":"fe"}', false],
    ['an exponent', '{"event":"session_new","at":1e3,"sess":"s1","fe":"fe"}', false],
    ['a leading zero', '{"event":"session_new","at":01,"sess":"s1","fe":"fe"}', false],
    ['a number beyond all digits', `{"event":"session_new","at":${'9'.repeat(17)}}`, false],
    ['a key twice', '{"event":"session_new","sess":"s1","sess":"s1","fe":"fe"}', false],
    ['an id twice', '{"event":"detach","strm":"t","expect":{"sess":{"a":{},"a":{}}}}', false],
    ['__proto__', '{"event":"detach","strm":"t","expect":{"sess":{"__proto__":{}}}}', true],
    [
      'anything as source',
      '{"event":"session_free","sess":"s","source":{"lines":[3,-4.5],"a":{"b":[null,true,"c",{}]}}}',
      true,
    ],
    [
      'a source that is too deep',
      `{"event":"session_free","sess":"s","source":{"a":${'['.repeat(10)}${']'.repeat(10)}}}`,
      false,
    ],
    [
      'a key twice in a source',
      '{"event":"session_free","sess":"s","source":{"a":1,"a":1}}',
      false,
    ],
    ['a missing key', '{"event":"session_new","sess":"s1"}', false],
    ['an empty id', '{"event":"session_new","sess":"","fe":"fe"}', false],
    ['an unknown event', '{"event":"session_old","sess":"s1"}', false],
    ['more behind the event', `${SESSION}}`, false],
    ['no end', SESSION.slice(0, -1), false],
  ])('knows what is usual: %s', (_, text, isUsual) => {
    const bytes = Buffer.from(`${text}\n`);
    const event = scanner.scan(bytes, 0);
    const isWhole = event !== null && ['\r\n', '\n'].includes(bytes.toString().slice(scanner.end));
    expect(isWhole).toBe(isUsual);
  });

  it('forgets no key of a name that it has seen in another order before', () => {
    const first = '{"event":"detach","strm":"t1","dead":true,"at":1}';
    const second = '{"event":"detach","at":1,"strm":"t1"}';
    for (const text of [first, second, first]) {
      expect(JSON.stringify(scanned(text))).toBe(text);
    }
  });

  it('reads every order of keys, be they too many to keep', () => {
    const keys = ['idle', 'excess_data', 'shutw_now', 'obuf_data', 'mux_error', 'shutdown'];
    const names = ['blocked', 'ended', 'dead', ...keys];
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (order) => {
        const rest = order.map((key) => `,"${key}":true`).join('');
        const text = `{"event":"detach","strm":"t1"${rest}}`;
        expect(JSON.stringify(scanned(text))).toBe(text);
      }),
      { numRuns: sized(500) },
    );
  });
});
