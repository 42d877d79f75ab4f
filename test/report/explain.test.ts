import { describe, expect, test } from 'vitest';
import type { StepDecision, StepResult } from '../../src/replay/result.ts';
import { reporters } from '../../src/report/index.ts';
import type { Palette } from '../../src/report/text/palette.ts';
import { PLAIN } from '../../src/report/text/palette.ts';
import { divergence, FILE, OPTIONS, step } from './sample.ts';

const SESSION: StepDecision = {
  fn: 'connect_server',
  file: 'src/backend.c',
  rule: 'connect.session.no-entry',
  says: 's1 lists no connection to b/srv',
  operands: [{ kind: 'sess', id: 's1' }, 'b/srv'],
};
const POOL: StepDecision = {
  fn: 'connect_server',
  file: 'src/backend.c',
  rule: 'connect.pool.first-request',
  says: 'a first request under http-reuse safe: of what b/srv keeps (3 idle, 1 safe) it may have none',
  operands: [{ kind: 'srv', id: 'b/srv' }, 'safe', 3, 1],
};
const NEW: StepDecision = {
  fn: 'conn_new',
  file: 'include/haproxy/connection.h',
  rule: 'conn.new',
  says: 'c1 is created, towards b/srv: nobody’s, not private, without a mux, in no list',
  operands: [{ kind: 'conn', id: 'c1' }, 'b/srv'],
};
const OWNED: StepDecision = {
  fn: 'connect_server',
  file: 'src/backend.c',
  rule: 'connect.new.owned',
  says: 'c1 belongs to s1 from its creation',
  operands: [
    { kind: 'conn', id: 'c1' },
    { kind: 'sess', id: 's1' },
  ],
};

function connect(decisions: readonly StepDecision[], rest: Partial<StepResult> = {}): StepResult {
  const event = {
    event: 'connect_server',
    strm: 't1',
    sess: 's1',
    target: 'b/srv',
    conn: 'c1',
  } as const;
  const outcome = { ret: 'NONE', reused: false, conn: 'c1' } as const;
  return step(2, event, { ...rest, outcome, decisions });
}

const shown = (decisions: readonly StepDecision[], width = 80): string =>
  reporters.pretty({ ...OPTIONS, width }).step(FILE, connect(decisions), 'whole');

test('decisions stand below their step, in order, under the function that took them', () => {
  expect(shown([SESSION, POOL, NEW, OWNED])).toMatchInlineSnapshot(`
    "   2  connect_server          t1 s1 b/srv             = NONE, new c1
          why  connect_server                                          src/backend.c
                 s1 lists no connection to b/srv            connect.session.no-entry
                 a first request under http-reuse safe: of what b/srv keeps (3 idle,
                   1 safe) it may have none               connect.pool.first-request
               conn_new                                 include/haproxy/connection.h
                 c1 is created, towards b/srv: nobody’s, not private, without a mux,
                   in no list                                               conn.new
               connect_server
                 c1 belongs to s1 from its creation                connect.new.owned
    "
  `);
});

test('a step without decisions has no word about them', () => {
  expect(shown([])).not.toContain('why');
});

describe('the width', () => {
  const lines = (width: number): string[] => shown([SESSION, POOL, NEW, OWNED], width).split('\n');

  test.each([40, 60, 80, 100])(
    'of %i columns holds every line but for a word too long',
    (width) => {
      for (const line of lines(width)) {
        const words = line.trim().split(/\s+/);
        if (words.length > 1) expect(line.length).toBeLessThanOrEqual(width);
      }
    },
  );

  test('of a very wide terminal does not part a sentence from its rule', () => {
    const ids = lines(240).filter((line) => line.endsWith(SESSION.rule));
    expect(ids.map((line) => line.length)).toEqual([100]);
  });
});

test('names from a trace cannot reach the terminal as they are', () => {
  const evil = { ...SESSION, says: 's\u001b[2J lists no connection to b\u202e/srv\n' };
  const text = shown([evil]);
  expect(text).toContain('s\\u{1b}[2J lists no connection to b\\u{202e}/srv\\n');
  expect(text).not.toContain('\u001b');
});

test('colour takes no columns', () => {
  const tag = (text: string): string => `<${text}>`;
  const palette: Palette = { ...PLAIN, strong: tag, faint: tag };
  const options = { ...OPTIONS, palette };
  const text = reporters.pretty(options).step(FILE, connect([SESSION, NEW]), 'whole');
  expect(text.replace(/[<>]/g, '')).toBe(shown([SESSION, NEW]));
});

describe('with a divergence', () => {
  const diverging = connect([SESSION, NEW, OWNED], { divergences: [divergence()] });
  const count = (text: string): number => text.split(SESSION.rule).length - 1;

  test('a block of its own tells why as well', () => {
    const text = reporters.pretty(OPTIONS).step(FILE, diverging, 'divergences');
    expect(text).toMatchInlineSnapshot(`
      "traces/private/ntlm.jsonl:3: step 2 diverges: connect_server t1 s1 b/srv c1
        field          expected  actual
        conn.c1.owner  s1        null
        why      connect_server                                          src/backend.c
                   s1 lists no connection to b/srv            connect.session.no-entry
                 conn_new                                 include/haproxy/connection.h
                   c1 is created, towards b/srv: nobody’s, not private, without a mux,
                     in no list                                               conn.new
                 connect_server
                   c1 belongs to s1 from its creation                connect.new.owned
        again    replay --range 2 traces/private/ntlm.jsonl

      "
    `);
  });

  test('a step that is shown tells it once', () => {
    expect(count(reporters.pretty(OPTIONS).step(FILE, diverging, 'whole'))).toBe(1);
  });
});
