import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES, readTrace, TraceReader } from '../../src/trace/index.ts';
import { ColonCounter, countKeyColons } from '../../src/trace/text/colons.ts';
import { findBadUtf8 } from '../../src/trace/text/utf8.ts';
import { sized } from '../size.ts';
import { HEADER, problemsOf, SESSION, transcript } from './helpers.ts';

// Properties run many times; a busy machine is no failure.

const NO_HEADER = 'the first line is the header, {"trace":"haproxy-ownership/1", …}';

describe('lines of a trace', () => {
  it.each([
    ['line feeds', `${HEADER}\n${SESSION}\n`],
    ['carriage returns and line feeds', `${HEADER}\r\n${SESSION}\r\n`],
    ['a mixture of both', `${HEADER}\r\n${SESSION}\n`],
    ['a byte order mark', `\ufeff${HEADER}\n${SESSION}\n`],
    ['no last line feed', `${HEADER}\n${SESSION}`],
    ['white space around the objects', ` \t${HEADER} \n\t${SESSION}\t\r\n`],
  ])('may have %s', (_, text) => {
    const { header, events, problems } = readTrace('x', text);
    expect(problems).toEqual([]);
    expect(header).toEqual(JSON.parse(HEADER));
    expect(events).toEqual([{ event: JSON.parse(SESSION), line: 2 }]);
  });

  it('may be blank: ignored, but counted', () => {
    const { events, problems } = readTrace('x', `\n\r\n${HEADER}\n \t \n\n${SESSION}\n\n`);
    expect(problems).toEqual([]);
    expect(events.map(({ line }) => line)).toEqual([6]);
  });

  it.each([
    ['', `1:1: the file is empty; ${NO_HEADER}`],
    ['\n \r\n\t', `1:1: the file holds nothing but blank lines; ${NO_HEADER}`],
    ['\ufeff', `1:1: the file holds nothing but blank lines; ${NO_HEADER}`],
    [SESSION, `1:1: the trace has no header; ${NO_HEADER}`],
    [`\n${SESSION}\n`, `2:1: the trace has no header; ${NO_HEADER}`],
    ['[]', '1:1: the line is an array; each line is one JSON object'],
    ['{}', '1:1: the header lacks "trace"; it is required: "haproxy-ownership/1"'],
    [
      `${HEADER}\n${HEADER}`,
      '2:1: a second header; a file holds one trace, and its header is the first line',
    ],
    [
      `${SESSION.replace('event', 'even')}\n`,
      '1:2: unknown key "even" in the header; allowed here: trace, title, rules, calls, config, source',
    ],
  ])('need a header first: %j', (text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  it('may come after a comment, which is told of notes', () => {
    expect(problemsOf(`# a comment\n${HEADER}\n${SESSION}\n`)).toEqual([
      '1:1: a trace has no comments; each line is one JSON object: what there is to say is the "title" of the header or a "note" of an event, e.g. "note":"a comment"',
    ]);
    expect(readTrace('x', `# a comment\n${HEADER}\n${SESSION}\n`).header).not.toBeNull();
  });

  it('are told once when the header comes too late', () => {
    expect(problemsOf(`${SESSION}\n${HEADER}\n${SESSION}\n`)).toEqual([
      `1:1: the trace has no header; ${NO_HEADER}`,
    ]);
    expect(problemsOf(`{"x"\n${SESSION}\n${HEADER}\n${SESSION}\n`)).toEqual([
      '1:5: the line ends too early; ":" must follow the key, on the same line',
      '3:1: the header comes too late; a file holds one trace, and its header is the first line',
    ]);
  });

  it('are judged by the second header when two traces were put together', () => {
    const trace = `${HEADER}\n${SESSION}\n`;
    expect(problemsOf(trace + trace)).toHaveLength(1);
  });

  it('are passed on although there is no header', () => {
    expect(readTrace('x', `${SESSION}\n`).events).toHaveLength(1);
  });

  it('say so when the file was cut short', () => {
    expect(problemsOf(`${HEADER}\n${SESSION.slice(0, 10)}`)).toEqual([
      '2:11: the file ends in the middle of a line; it was cut short: the string needs its closing double quote',
    ]);
    expect(problemsOf(`${HEADER}\n${SESSION.slice(0, -1)}`)).toEqual([
      '2:45: the file ends in the middle of a line; it was cut short: "," or "}" must follow',
    ]);
    expect(problemsOf(Buffer.from(`${HEADER}\n{"note":"é`).subarray(0, -1))).toEqual([
      '2:10: the file ends inside a character; it was cut short',
    ]);
    expect(problemsOf(`${HEADER}\n${SESSION.slice(0, -1)}\r\n${SESSION}\n`)).toEqual([
      '2:45: the line ends too early; "," or "}" must follow, on the same line',
    ]);
  });

  it('count columns in UTF-16 code units', () => {
    expect(problemsOf(`${HEADER}\n{"note":"é🙂",}\n`)).toEqual([
      '2:14: a comma with nothing behind it but "}"; remove it',
    ]);
  });

  it('must be UTF-8, and reading goes on after one that is not', () => {
    const broken = Buffer.concat([
      Buffer.from(`\ufeff${HEADER}\n{"note":"é🙂`),
      Buffer.from([0xe9]),
      Buffer.from(`"}\n${SESSION}\n`),
    ]);
    expect(problemsOf(broken)).toEqual([
      '2:13: the byte 0xE9 is not UTF-8 here; a trace is UTF-8 text',
    ]);
    expect(readTrace('x', broken).events).toHaveLength(1);
  });

  it.each([
    ['a NUL byte', Buffer.from(`${HEADER}\n${SESSION}\nab\0\n${SESSION}\n{}`), '3:3'],
    ['UTF-16', Buffer.from(`\ufeff${HEADER}\n${SESSION}`, 'utf16le'), '1:4'],
    ['bytes that are neither', Buffer.from([0xff, 0x00, 0x0a, 0x00, 0x0a]), '1:2'],
    ['no line feed at all', Buffer.alloc(MAX_LINE_BYTES + 5), '1:1'],
  ])('end at a file that is no text: %s', (name, bytes, place) => {
    const hint = name === 'UTF-16' ? '; this looks like UTF-16: save it as UTF-8' : '';
    expect(problemsOf(bytes)).toEqual([
      `${place}: not a text file: it has a NUL byte; a trace is UTF-8 text, one JSON object per line${hint}`,
    ]);
  });

  it('tell when nothing more is of interest', () => {
    const reader = new TraceReader('x', { header() {}, event() {}, problem() {} });
    reader.write(Buffer.from(`${HEADER}\n`));
    expect(reader.done).toBe(false);
    reader.write(Buffer.from('\0\n'));
    expect(reader.done).toBe(true);
  });

  it('have a largest length, and reading goes on after a longer one', () => {
    const padded = SESSION + ' '.repeat(MAX_LINE_BYTES - SESSION.length);
    expect(problemsOf(`${HEADER}\n${padded}\n`)).toEqual([]);
    const tooLong = Buffer.from(`${HEADER}\n${padded} \n${SESSION}\n`);
    expect(problemsOf(tooLong)).toEqual([
      `2:1: the line is too long; a line has at most ${MAX_LINE_BYTES} bytes`,
    ]);
    const pieces = [];
    for (let at = 0; at < tooLong.length; at += 1e6) pieces.push(tooLong.subarray(at, at + 1e6));
    expect(transcript(pieces)).toEqual(transcript([tooLong]));
    expect(transcript(pieces)).toHaveLength(3);
  });

  it('do not depend on how the bytes are cut into chunks', () => {
    const part = fc.oneof(
      fc.constantFrom(
        HEADER,
        SESSION,
        '\n',
        '\r\n',
        '\ufeff',
        '\0',
        ' ',
        '{"note":"é🙂"}',
        '{',
        '"',
      ),
      fc.constantFrom('{"event":"detach","strm":"t"}', '{"a":1,"a":2}', 'true'),
    );
    const bytes = fc
      .tuple(
        fc.boolean(),
        fc.array(fc.oneof(part, fc.uint8Array({ maxLength: 3 })), { maxLength: 12 }),
      )
      .map(([whole, parts]) =>
        Buffer.concat([
          Buffer.from(whole ? `${HEADER}\n` : ''),
          ...parts.flatMap((piece) => [Buffer.from(piece as string), Buffer.from('\n')]),
        ]),
      );
    fc.assert(
      fc.property(bytes, fc.array(fc.nat({ max: 400 }), { maxLength: 8 }), (all, sizes) => {
        const pieces = [];
        let at = 0;
        for (const size of sizes) {
          pieces.push(all.subarray(at, at + size));
          at += size;
        }
        pieces.push(all.subarray(Math.min(at, all.length)));
        const single = Array.from(all, (_, index) => all.subarray(index, index + 1));
        const expected = transcript([all]);
        expect(transcript(pieces)).toEqual(expected);
        expect(transcript(single)).toEqual(expected);
      }),
      { numRuns: sized(100) },
    );
  });
});

describe('counting colons', () => {
  it('counts each of any range of any bytes', () => {
    const bytes = fc
      .uint8Array({ maxLength: 3000 })
      .map((array) => array.map((b) => (b % 3) + 0x39));
    fc.assert(
      fc.property(bytes, fc.nat(3000), fc.nat(3000), fc.nat(3), (array, a, b, shift) => {
        const shifted = new Uint8Array(array.length + shift).subarray(shift);
        shifted.set(array);
        const from = Math.min(a, b, array.length);
        const to = Math.min(Math.max(a, b), array.length);
        const expected = array.slice(from, to).filter((byte) => byte === 0x3a).length;
        expect(new ColonCounter(shifted).count(from, to)).toBe(expected);
      }),
    );
  });

  it('does not overflow in long runs of colons', () => {
    expect(new ColonCounter(Buffer.alloc(100_003, ':')).count(1, 100_002)).toBe(100_001);
  });

  it('leaves out colons that follow neither a quote nor white space', () => {
    expect(countKeyColons('{"a":"x:y","b" : 1,"c":"\\":"}')).toBe(4);
  });
});

describe('findBadUtf8', () => {
  it('agrees with the platform about what is UTF-8', () => {
    const byte = fc.constantFrom(0x41, 0x80, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xe0, 0xed, 0xef, 0xf0);
    const any = fc.oneof(byte, fc.constantFrom(0x8f, 0x90, 0xdf, 0xe1, 0xf1, 0xf4, 0xf5, 0xff));
    const decoder = new TextDecoder('utf-8', { fatal: true });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), (array) => {
        const bytes = Uint8Array.from(array);
        const bad = findBadUtf8(bytes);
        if (bad === null) expect(() => decoder.decode(bytes)).not.toThrow();
        else {
          expect(() => decoder.decode(bytes)).toThrow();
          expect(() => decoder.decode(bytes.subarray(0, bad.offset))).not.toThrow();
        }
      }),
      { numRuns: sized(1000) },
    );
  });

  it.each([
    [[0x41, 0xc3], 1],
    [[0xe2, 0x82], 0],
    [[0xf0, 0x9f, 0x99], 0],
  ])('knows a character cut short: %j', (bytes, offset) => {
    expect(findBadUtf8(Uint8Array.from(bytes))).toEqual({ offset, truncated: true });
  });
});
