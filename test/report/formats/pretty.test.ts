import { Chalk } from 'chalk';
import { describe, expect, test } from 'vitest';
import type { StepResult } from '../../../src/replay/result.ts';
import {
  type FileReport,
  NO_RUN,
  type Palette,
  type ReportOptions,
  type RunReport,
  reporters,
} from '../../../src/report/index.ts';
import { CONN, FILE, NTLM, OPTIONS, RESULT, SESS, SRV, step, world } from '../sample.ts';

const FILE_REPORT: FileReport = {
  path: FILE.path,
  result: RESULT,
  folds: [],
  moreFolds: { divergences: 0, steps: 0 },
  matched: 5,
  hidden: 0,
  problems: 0,
};

const chalk = new Chalk({ level: 1 });
const COLORED: Palette = {
  strong: chalk.bold,
  faint: chalk.dim,
  id: chalk.cyan,
  good: chalk.green,
  bad: chalk.red,
  warn: chalk.yellow,
  owners: [],
};

function show(steps: readonly StepResult[], options: Partial<ReportOptions> = {}): string {
  const reporter = reporters.pretty({ ...OPTIONS, ...options });
  return steps.map((each) => reporter.step(FILE, each, 'whole')).join('');
}

function tail(report: Partial<FileReport>, several = false): string {
  return reporters.pretty({ ...OPTIONS, several }).tail({ ...FILE_REPORT, ...report });
}

function summary(run: Partial<RunReport>): string {
  return reporters.pretty(OPTIONS).summary({ ...NO_RUN, ...run });
}

describe('the head of a file', () => {
  test('names path and rule set, and wraps the title', () => {
    const title = `${'a title of many words '.repeat(6)}with \u001b[31mcolour`;
    expect(reporters.pretty(OPTIONS).head({ ...FILE, title })).toMatchInlineSnapshot(`
      "traces/private/ntlm.jsonl  rules 08016ab82
        a title of many words a title of many words a title of many words a title of
        many words a title of many words a title of many words with \\u{1b}[31mcolour
      "
    `);
  });

  test('does without a title', () => {
    expect(reporters.pretty(OPTIONS).head({ ...FILE, title: null })).toBe(
      'traces/private/ntlm.jsonl  rules 08016ab82\n',
    );
  });
});

describe('the steps of a trace', () => {
  test('at 80 columns', () => {
    expect(show(NTLM)).toMatchInlineSnapshot(`
      "   1  session_new             s1 fe                   ok
            sess s1    new  idle_conns 0  prefer_last false  srv_list []
         2  connect_server          t1 s1 b/srv             = NONE, new c1
            calls      conn_new() = c1
            conn c1    new  owner null  target b/srv  mux h1  streams [t1]
                       used_streams 1
            srv b/srv  curr_used_conns, max_used_conns, est_need_conns 0 → 1
         3  http_wait_for_response  t1 status=401           ok
            note       the first leg of the handshake
            headers    WWW-Authenticate: NTLM, Basic realm="x y"
            calls      conn_set_owner(c1, s1)  conn_set_private(c1)
                       session_add_conn(s1, c1) = 1
            conn c1    owner null → s1  flags [] → [PRIVATE]  listed_in null → s1
            sess s1    prefer_last false → true  srv_list [] → [b/srv: c1]
         4  detach                  t1 idle=false           ok
            calls      session_check_idle_conn(s1, c1) = 0
            conn c1    flags [PRIVATE] → [PRIVATE SESS_IDLE]  streams [t1] → []
                       used_streams 1 → 0  avail_streams 0 → 1
            sess s1    idle_conns 0 → 1
         5  session_free            s1                      ok
            calls      mux_destroy(c1)  mux_release(c1)  conn_free(c1)
            conn c1    freed
            sess s1    freed
      "
    `);
  });

  test('no line is longer than the width', () => {
    for (const width of [60, 80, 100, 132]) {
      for (const line of show(NTLM, { width }).split('\n')) {
        expect(line.length, line).toBeLessThanOrEqual(width);
      }
    }
  });

  test('colour changes nothing but the colour', () => {
    const colored = show(NTLM, { palette: COLORED });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the very sequences of colour
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(show(NTLM));
    expect(show(NTLM.slice(1, 2), { palette: COLORED })).toMatchInlineSnapshot(`
      "   [2m2[22m  [1mconnect_server[22m          [36mt1[39m [36ms1[39m [36mb/srv[39m             = NONE, [32mnew [39m[36mc1[39m
            [2mcalls[22m      conn_new() = c1
            [2mconn [22m[36mc1[39m    [32mnew[39m  [2mowner[22m null  [2mtarget[22m [36mb/srv[39m  [2mmux[22m h1  [2mstreams[22m [[36mt1[39m]
                       [2mused_streams[22m 1
            [2msrv [22m[36mb/srv[39m  [2mcurr_used_conns,[22m [2mmax_used_conns,[22m [2mest_need_conns[22m 0 → 1
      "
    `);
  });

  test('a step that changes nothing says so', () => {
    expect(show([step(7, { event: 'conn_update', conn: 'c1', set: [], thread: 0 })])).toBe(
      '   7  conn_update             c1 set=[]               no change\n',
    );
  });

  test('a crash names the function, a dangling owner and a leak stand out', () => {
    const crash = step(
      42,
      { event: 'session_free', sess: 's1', thread: 3 },
      {
        outcome: {
          kind: 'crash',
          crash: 'session_unown_conn',
          calls: ['session_unown_conn(s1!freed, c1)'],
        },
        changes: [
          {
            kind: 'conn',
            id: 'c1',
            before: CONN,
            after: { ...CONN, owner: 's1!freed', streams: [] },
          },
        ],
      },
    );
    expect(show([crash])).toMatchInlineSnapshot(`
      "  42  session_free            s1 thread=3  crash in session_unown_conn
            calls      session_unown_conn(s1!freed, c1)
            conn c1    leaked: in no list, no stream  owner s1 → s1!freed
                       streams [t1] → []
      "
    `);
  });

  test('what the functions returned', () => {
    const connect = {
      event: 'connect_server',
      strm: 't1',
      sess: 's1',
      target: 'b/srv',
      conn: 'c1',
    } as const;
    const steps = [
      step(1, connect, { outcome: { ret: 'NONE', reused: true, conn: 'c2' } }),
      step(2, connect, { outcome: { ret: 'RESOURCE', reused: false, conn: 'c1' } }),
      step(3, connect, { outcome: { ret: 'INTERNAL', reused: false } }),
      step(4, { event: 'conn_create_mux', conn: 'c1', mux: 'h2' }, { outcome: { ret: -1 } }),
      step(
        5,
        { event: 'assign_server', strm: 't2', sess: 's1', be: 'b', unusable: ['b/x'] },
        { outcome: { target: 'b/srv' } },
      ),
      step(
        6,
        { event: 'assign_server', strm: 't2', sess: 's1', be: 'b' },
        { outcome: { target: null } },
      ),
    ];
    expect(show(steps)).toMatchInlineSnapshot(`
      "   1  connect_server          t1 s1 b/srv c1          = NONE, reused c2
         2  connect_server          t1 s1 b/srv             = RESOURCE, new c1
         3  connect_server          t1 s1 b/srv c1          = INTERNAL
         4  conn_create_mux         c1 mux=h2               = -1
         5  assign_server           t2 s1 b unusable=b/x    = b/srv
         6  assign_server           t2 s1 b                 = null
      "
    `);
  });

  test('an outcome that does not fit moves below the ids, nothing is cut', () => {
    const long =
      'a-connection-with-a-name-that-is-longer-than-a-line-of-eighty-columns-can-take-in';
    const event = { event: 'mux_release', conn: long, reason: 'timeout' } as const;
    expect(show([step(1, event)])).toMatchInlineSnapshot(`
      "   1  mux_release             a-connection-with-a-name-that-is-longer-than-a-line-of-eighty-columns-can-take-in
                                    reason=timeout no change
      "
    `);
  });

  test('long lists show what joined and left, and wrap when the order matters', () => {
    const ids = Array.from({ length: 30 }, (_, index) => `c${index + 1}`);
    const grown = { ...SRV, safe: [...ids.slice(1), 'c31'], curr_safe_nb: 30 };
    const change = (before: typeof SRV, after: typeof SRV) =>
      ({ kind: 'srv', id: 'b/srv', before, after }) as const;
    const event = { event: 'conn_update', conn: 'c1', requeue: true } as const;
    const steps = [
      step(1, event, { changes: [change({ ...SRV, safe: ids }, grown)] }),
      step(2, event, { changes: [change(grown, { ...grown, safe: grown.safe.toReversed() })] }),
    ];
    expect(show(steps)).toMatchInlineSnapshot(`
      "   1  conn_update             c1 requeue              ok
            srv b/srv  safe 30 → 30: +c31 -c1  curr_safe_nb 0 → 30
         2  conn_update             c1 requeue              ok
            srv b/srv  safe [c2 c3 c4 c5 c6 c7 c8 c9 c10 c11 c12 c13 c14 c15 c16 c17
                       c18 c19 c20 c21 c22 c23 c24 c25 c26 c27 c28 c29 c30 c31] → [c31
                       c30 c29 c28 c27 c26 c25 c24 c23 c22 c21 c20 c19 c18 c17 c16 c15
                       c14 c13 c12 c11 c10 c9 c8 c7 c6 c5 c4 c3 c2]
      "
    `);
  });

  test('a long srv_list shows the target that changed', () => {
    const conns = Array.from({ length: 9 }, (_, index) => `c${index + 1}`);
    const before = { ...SESS, srv_list: [['b/x', ['c0']] as const, ['b/srv', conns] as const] };
    const after = {
      ...SESS,
      srv_list: [['b/x', ['c0']] as const, ['b/srv', [...conns, 'c10']] as const],
    };
    const steps = [
      step(
        1,
        { event: 'detach', strm: 't1' },
        { changes: [{ kind: 'sess', id: 's1', before, after }] },
      ),
    ];
    expect(show(steps)).toContain('sess s1    srv_list b/srv 9 → 10: +c10\n');
  });

  test('ids that could be taken for something else are quoted, controls are escaped', () => {
    const odd = ['__proto__', 'null', 'a b', 'a,b', 'x\u001b[31m', 'é\u202e', '接続'];
    const steps = odd.map((sess, index) =>
      step(index + 1, { event: 'session_new', sess, fe: 'fe' }),
    );
    expect(show(steps)).toMatchInlineSnapshot(`
      "   1  session_new             __proto__ fe            no change
         2  session_new             "null" fe               no change
         3  session_new             "a b" fe                no change
         4  session_new             "a,b" fe                no change
         5  session_new             "x\\u001b[31m" fe        no change
         6  session_new             "é\\u202e" fe            no change
         7  session_new             接続 fe                 no change
      "
    `);
  });
});

describe('the whole state', () => {
  const changed = { ...CONN, streams: [] };
  const full = step(
    9,
    { event: 'detach', strm: 't1' },
    {
      changes: [
        { kind: 'conn', id: 'c2', before: CONN, after: null },
        { kind: 'conn', id: 'c1', before: CONN, after: changed },
      ],
      state: world(
        { c1: changed, c3: { ...CONN, owner: null, list: 'safe', flags: ['SAFE_LIST'] } },
        {
          s1: {
            ...SESS,
            srv_list: [
              ['b/srv', ['c1', 'c2']],
              ['b/x', ['c9']],
            ],
          },
        },
        { 'b/srv': { ...SRV, safe: ['c3'], curr_safe_nb: 1 }, 'b/x': SRV },
      ),
    },
  );

  test('is a line per object; a star marks what changed', () => {
    expect(show([full], { full: true })).toMatchInlineSnapshot(`
      "   9  detach                  t1                      ok
          * conn c2    freed
            sess s1    idle_conns 0  prefer_last false
                       srv_list [b/srv: c1 c2; b/x: c9]
          * conn c1    leaked: in no list, no stream  owner s1  target b/srv  mux h1
                       used_streams 1
            conn c3    owner null  flags [SAFE_LIST]  list safe  target b/srv  mux h1
                       streams [t1]  used_streams 1
            srv b/srv  safe [c3]  curr_safe_nb 1
            srv        1 server, empty
      "
    `);
  });
});

describe('the tail of a file', () => {
  test('counts, when there are several files', () => {
    expect(tail({})).toBe('');
    expect(tail({}, true)).toBe('  5 steps, no divergence\n');
    const diverging = { ...RESULT, steps: 9, divergences: 3, divergingSteps: 1 };
    expect(tail({ result: diverging }, true)).toBe('  9 steps, 3 divergences\n');
  });

  test('folds what follows', () => {
    const folds = [
      { from: 40, divergences: 12, steps: 9 },
      { from: 52, divergences: 1, steps: 1 },
    ];
    expect(tail({ folds, moreFolds: { divergences: 5, steps: 4 } })).toMatchInlineSnapshot(`
      "  and 12 divergences at 9 later steps follow from step 40
        and 1 divergence at 1 later step follows from step 52
        and 5 divergences at 4 later steps follow from other steps (--all-divergences)
      "
    `);
  });

  test('says what the selection leaves out', () => {
    expect(tail({ matched: 0 })).toBe('  no step selected of 5\n');
    expect(tail({ hidden: 2 })).toBe('  2 divergences at steps that are not shown\n');
  });

  test('says that a file was not judged', () => {
    expect(tail({ problems: 2 }, true)).toBe('  5 steps replayed, then not judged: 2 problems\n');
  });
});

describe('the summary', () => {
  test.each([
    [{ files: 1, steps: 5 }, '1 file, 5 steps, no divergence\n'],
    [
      { files: 3, steps: 412, divergences: 1, followers: 12, divergingFiles: 1 },
      '3 files, 412 steps, 1 divergence in 1 file (12 more follow from it)\n',
    ],
    [
      { files: 1, steps: 9, divergences: 2, followers: 1, divergingFiles: 1, crashes: 1 },
      '1 file, 9 steps, 2 divergences (1 more follows from them), 1 crash\n',
    ],
    [
      { files: 2, steps: 0, unjudged: 1, crashes: 2 },
      '2 files (1 not judged), no step, no divergence, 2 crashes\n',
    ],
  ])('%o', (run, line) => {
    expect(summary(run)).toBe(line);
  });
});
