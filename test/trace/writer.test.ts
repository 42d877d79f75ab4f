import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Header, TraceEvent } from '../../src/format/index.ts';
import { formatLine, formatTrace, readTrace } from '../../src/trace/index.ts';
import { sized } from '../size.ts';
import { validEvent, validHeader } from './arbitraries.ts';
import { HEADER, SESSION } from './helpers.ts';

// Properties run many times; a busy machine is no failure.

describe('formatLine', () => {
  it('puts the keys in the order of the format', () => {
    const event: TraceEvent = {
      expect: {
        crash: 'conn_free',
        conn: { c1: { list: null, owner: 's1' } },
        calls: [],
        reused: true,
        ret: 'NONE',
      },
      fail: ['mux'],
      source: { lines: [3, 4] },
      note: 'n',
      used_fds: 1,
      conn: 'c1',
      target: 'b/srv',
      sess: 's1',
      strm: 't1',
      thread: 0,
      at: 1.5,
      event: 'connect_server',
    };
    expect(formatLine(event)).toBe(
      '{"event":"connect_server","at":1.5,"thread":0,"strm":"t1","sess":"s1","target":"b/srv","conn":"c1","used_fds":1,"note":"n","source":{"lines":[3,4]},"fail":["mux"],"expect":{"ret":"NONE","reused":true,"calls":[],"conn":{"c1":{"owner":"s1","list":null}},"crash":"conn_free"}}',
    );
    const header: Header = {
      config: { backends: {}, nbthread: 2 },
      title: 't',
      trace: 'haproxy-ownership/1',
    };
    expect(formatLine(header)).toBe(
      '{"trace":"haproxy-ownership/1","title":"t","config":{"nbthread":2,"backends":{}}}',
    );
  });

  it('says what JSON said, keys such as __proto__ included', () => {
    const text = '{"event":"detach","strm":"t","expect":{"conn":{"__proto__":null,"b":{}}}}';
    expect(formatLine(JSON.parse(text))).toBe(text);
    fc.assert(
      fc.property(fc.oneof(validEvent, validHeader), (value) => {
        const line = formatLine(value as TraceEvent | Header);
        expect(line).not.toMatch(/[\r\n]/);
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: sized(500) },
    );
  });
});

describe('formatTrace', () => {
  it('writes what reads back equal', () => {
    const text = `${HEADER}\n${SESSION}\n`;
    const { header, events } = readTrace('x', text);
    if (header === null) throw new Error('the header is valid');
    expect(
      formatTrace(
        header,
        events.map(({ event }) => event),
      ),
    ).toBe(text);
  });
});
