import { describe, expect, test } from 'vitest';
import type { Divergence, StepResult } from '../../src/replay/result.ts';
import { type FileHead, type ReportOptions, reporters } from '../../src/report/index.ts';
import { divergence, FILE, NTLM, OPTIONS, step } from './sample.ts';

const ADD = {
  fn: 'session_add_conn',
  file: 'include/haproxy/session.h',
  rule: 'session.add.not-owner',
  says: 'the session is not the owner: success all the same, without listing',
};
const TRAIL = NTLM.slice(0, 2).map(({ number, line, event }) => ({ number, line, event }));

function diverging(divergences: readonly Divergence[]): StepResult {
  return step(3, { event: 'detach', strm: 't1', idle: false }, { divergences });
}

function block(
  divergences: readonly Divergence[],
  options: Partial<ReportOptions> = {},
  file: Partial<FileHead> = {},
): string {
  const reporter = reporters.pretty({ ...OPTIONS, ...options });
  return reporter.step({ ...FILE, ...file }, diverging(divergences), 'divergences');
}

describe('a divergence', () => {
  test('has place, fields, decider, trail and the command that shows it again', () => {
    const divergences = [
      divergence({ decidedBy: ADD, trail: TRAIL }),
      divergence({ field: 'conn.c1.flags', expected: ['PRIVATE'], actual: [], decidedBy: ADD }),
      divergence({
        subject: { kind: 'sess', id: 's1' },
        field: 'sess.s1.prefer_last',
        expected: true,
        actual: false,
        trail: TRAIL.slice(0, 1),
      }),
    ];
    expect(block(divergences)).toMatchInlineSnapshot(`
      "traces/private/ntlm.jsonl:4: step 3 diverges: detach t1 idle=false
        field                expected   actual
        conn.c1.owner        s1         null
        conn.c1.flags        [PRIVATE]  []
          decided by session_add_conn (include/haproxy/session.h)
          session.add.not-owner · the session is not the owner: success all the same,
            without listing
        sess.s1.prefer_last  true       false
          decided by no rule at this step
        earlier     1  session_new s1 fe (c1, s1)
                    2  connect_server t1 s1 b/srv c1 (c1)
        again    replay --range 1-3 traces/private/ntlm.jsonl

      "
    `);
  });

  test('lists whom the search passed over, by rule', () => {
    const over = (id: string, rule: string) =>
      ({ kind: 'conn', id, fn: 'connect_server', file: 'src/backend.c', rule, says: id }) as const;
    const target = divergence({
      subject: { kind: 'event', id: 't1' },
      field: 'reused',
      expected: true,
      actual: false,
      decidedBy: ADD,
      candidates: [
        over('c1', 'connect.session.no-stream'),
        over('c2', 'connect.session.not-ready'),
        over('c3', 'connect.session.no-stream'),
      ],
    });
    expect(block([target])).toMatchInlineSnapshot(`
      "traces/private/ntlm.jsonl:4: step 3 diverges: detach t1 idle=false
        field   expected  actual
        reused  true      false
          decided by session_add_conn (include/haproxy/session.h)
          session.add.not-owner · the session is not the owner: success all the same,
            without listing
          passed over c1, c3: connect.session.no-stream; c2: connect.session.not-ready
        again    replay --range 3 traces/private/ntlm.jsonl

      "
    `);
  });

  test('of two objects by the same rule has a sentence for each', () => {
    const divergences = [
      divergence({ decidedBy: { ...ADD, says: 'c1 it is' } }),
      divergence({ field: 'conn.c2.owner', decidedBy: { ...ADD, says: 'c2 it is' } }),
    ];
    expect(block(divergences)).toMatch(/c1 it is(.|\n)*c2 it is/);
  });

  test('stands below its step, which counts it', () => {
    const reporter = reporters.pretty(OPTIONS);
    const text = reporter.step(FILE, diverging([divergence()]), 'whole');
    expect(text).toMatchInlineSnapshot(`
      "   3  detach                  t1 idle=false           no change, 1 divergence

      traces/private/ntlm.jsonl:4: step 3 diverges: detach t1 idle=false
        field          expected  actual
        conn.c1.owner  s1        null
        again    replay --range 3 traces/private/ntlm.jsonl

      "
    `);
  });

  test('shows lists by entry', () => {
    const calls = divergence({
      subject: { kind: 'event', id: 't1' },
      field: 'calls',
      expected: ['conn_set_owner(c1, s1)', 'conn_set_private(c1)', 'session_add_conn(s1, c1) = 1'],
      actual: ['conn_set_private(c1)', 'conn_set_owner(c1, s1)', 'session_unown_conn(s1, c1)'],
    });
    const safe = divergence({
      subject: { kind: 'srv', id: 'b/srv' },
      field: 'srv.b/srv.safe',
      expected: ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c10'],
      actual: ['c1', 'c2', 'c3', 'c4', 'c5', 'c7', 'c10', 'c8', 'c12'],
    });
    const pairs = divergence({
      subject: { kind: 'sess', id: 's1' },
      field: 'sess.s1.srv_list',
      expected: [
        ['b/srv', ['c1', 'c2', 'c3', 'c4', 'c5']],
        ['b/x', ['c9']],
      ],
      actual: [['b/srv', ['c1', 'c2', 'c3', 'c4', 'c5']]],
    });
    expect(block([calls, safe, pairs])).toMatchInlineSnapshot(`
      "traces/private/ntlm.jsonl:4: step 3 diverges: detach t1 idle=false
        calls  (3 expected, 3 actual)
          < moved away  conn_set_owner(c1, s1)
            same        conn_set_private(c1)
          - missing     session_add_conn(s1, c1) = 1
          > moved here  conn_set_owner(c1, s1)
          + unexpected  session_unown_conn(s1, c1)
        srv.b/srv.safe  (9 expected, 9 actual)
            same        5 entries
          - missing     c6
            same        c7
          < moved away  c8
            same        c10
          > moved here  c8
          + unexpected  c12
        sess.s1.srv_list  (2 expected, 1 actual)
            same        b/srv: c1 c2 c3 c4 c5
          - missing     b/x: c9
        again    replay --range 3 traces/private/ntlm.jsonl

      "
    `);
  });

  test('shows wide values below their field', () => {
    const freed = divergence({
      field: 'conn.c1',
      expected: null,
      actual: { owner: 's1', flags: ['PRIVATE', 'SESS_IDLE'], listed_in: 's1', mux: 'h1' },
    });
    expect(block([freed, divergence()])).toMatchInlineSnapshot(`
      "traces/private/ntlm.jsonl:4: step 3 diverges: detach t1 idle=false
        field          expected  actual
        conn.c1.owner  s1        null
        conn.c1
          expected  freed
          actual    {owner s1, flags [PRIVATE SESS_IDLE], listed_in s1, mux h1}
        again    replay --range 3 traces/private/ntlm.jsonl

      "
    `);
  });

  test('that is impossible says why', () => {
    const impossible = step(
      8,
      { event: 'detach', strm: 't1' },
      {
        outcome: { kind: 'impossible', impossible: 'stream t1 has no connection' },
        divergences: [
          divergence({ kind: 'impossible', subject: { kind: 'event', id: 't1' }, field: 'event' }),
        ],
      },
    );
    expect(reporters.pretty(OPTIONS).step(FILE, impossible, 'whole')).toMatchInlineSnapshot(`
      "   8  detach                  t1                      impossible

      traces/private/ntlm.jsonl:9: step 8 is impossible: detach t1
        why      stream t1 has no connection
        again    replay --range 8 traces/private/ntlm.jsonl

      "
    `);
  });

  test('that follows is shown where all are, with the step that it follows from', () => {
    const divergences = [
      divergence(),
      divergence({ field: 'conn.c1.flags', expected: ['PRIVATE'], actual: [], follows: 2 }),
    ];
    expect(block(divergences, { unfolded: true })).toMatchInlineSnapshot(`
      "traces/private/ntlm.jsonl:4: step 3 diverges: detach t1 idle=false
        field          expected   actual
        conn.c1.owner  s1         null
        conn.c1.flags  [PRIVATE]  []
          follows from step 2
        again    replay --all-divergences --range 3 traces/private/ntlm.jsonl

      "
    `);
    const alone = block([divergence({ follows: 1 })], { unfolded: true });
    expect(alone).toContain('  conn.c1.owner  s1        null\n    follows from step 1\n');
  });

  test('is shown again with the options that were given, and no others', () => {
    const again = (options: Partial<ReportOptions>): string =>
      /again {4}(.*)/.exec(block([divergence()], { width: 200, ...options }))?.[1] ?? '';
    expect(again({})).toBe('replay --range 3 traces/private/ntlm.jsonl');
    const all = {
      rules: '21ddc74e8',
      strict: ['crash', 'broken', 'hint'] as const,
      invariants: ['idle-count', 'no-orphan'] as const,
      unfolded: true,
      allDivergences: true,
      full: true,
      explain: true,
    };
    expect(again(all)).toBe(
      'replay --rules 21ddc74e8 --strict --invariant idle-count,no-orphan --all-divergences --full ' +
        '--explain --range 3 traces/private/ntlm.jsonl',
    );
    expect(again({ strict: ['crash', 'broken', 'hint'] })).toContain('replay --strict --range');
    expect(again({ strict: ['crash', 'hint'] })).toContain('replay --strict=crash,hint --range');
    for (const [name, words] of [
      ['allDivergences', '--all-divergences'],
      ['full', '--full'],
      ['explain', '--explain'],
    ]) {
      expect(again({ [name as string]: true })).toBe(
        `replay ${words} --range 3 traces/private/ntlm.jsonl`,
      );
    }
  });

  test('that only follows is counted, not shown', () => {
    expect(block([divergence({ follows: 1 })])).toBe('');
    const both = block([divergence(), divergence({ follows: 1 })]);
    expect(both).toContain('and 1 more that follows from earlier steps (--all-divergences)\n');
    const line = reporters
      .pretty(OPTIONS)
      .step(FILE, diverging([divergence({ follows: 1 })]), 'whole');
    expect(line).toBe(
      '   3  detach                  t1 idle=false           no change, 1 following\n',
    );
  });
});

describe('the command that shows it again', () => {
  const again = (options: Partial<ReportOptions>, file: Partial<FileHead>): string | undefined =>
    /again +(.*)/.exec(block([divergence()], options, file))?.[1];

  test.each([
    [{}, {}, 'replay --range 3 traces/private/ntlm.jsonl'],
    [{ rules: '21ddc74e8' }, {}, 'replay --rules 21ddc74e8 --range 3 traces/private/ntlm.jsonl'],
    [{}, { path: "it's here.jsonl" }, `replay --range 3 'it'\\''s here.jsonl'`],
    [{}, { path: '-x.jsonl' }, 'replay --range 3 ./-x.jsonl'],
    [{}, { path: 'a\u001b[31m.jsonl' }, "replay --range 3 $'a\\x1b[31m.jsonl'"],
    [{}, { path: '<stdin>', stdin: true }, 'replay --range 3 - (with the same input)'],
  ])('%o %o', (options, file, command) => {
    expect(again(options, file)).toBe(command);
  });

  test('reaches back to near steps of the trail only', () => {
    const event = { event: 'session_free', sess: 's1' } as const;
    const far = step(900, event, { divergences: [divergence({ trail: TRAIL })] });
    const text = reporters.pretty(OPTIONS).step(FILE, far, 'divergences');
    expect(text).toContain('replay --range 900 traces');
  });
});
