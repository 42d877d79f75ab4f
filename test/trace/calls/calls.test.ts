import { describe, expect, it } from 'vitest';
import {
  ABORT_FUNCTIONS,
  CALL_ALIASES,
  CALLS,
  CRASH_FUNCTIONS,
  isNamedCall,
  NAMED_CALLS,
} from '../../../src/format/calls.ts';
import { readTrace } from '../../../src/trace/index.ts';
import { CONNECT, HEADER, problemsOf, SESSION } from '../helpers.ts';

const ALWAYS = Object.keys(CALLS).filter((fn) => !isNamedCall(fn));
const COUNTED = `the functions that count are ${ALWAYS.join(', ')}`;

/** A trace whose last line expects a call, after one that is as it should be. */
function traceOf(call: string, crash?: string, ids = { conn: 'c1', sess: 's1' }): string {
  const expected = { calls: [`conn_free(${ids.conn})`, call], ...(crash && { crash }) };
  return [
    HEADER,
    SESSION.replace('s1', ids.sess),
    CONNECT.replace('s1', ids.sess).replace('c1', ids.conn),
    JSON.stringify({ event: 'detach', strm: 't1', expect: expected }),
  ].join('\n');
}

/** What is said of a call, with the text at the place that is meant. */
function said(call: string, crash?: string): string[] {
  const text = traceOf(call, crash);
  const last = text.split('\n').at(-1) ?? '';
  return readTrace('x', text).problems.map(({ line, column, what, allowed }) => {
    expect(line).toBe(4);
    return `${last.slice(column - 1, column + 4)}: ${what}; ${allowed}`;
  });
}

describe('two calls in one text', () => {
  it.each([
    'conn_set_owner(c1, s1), conn_set_private(c1)',
    'conn_set_owner(c1, s1); conn_set_private(c1);',
    'session_add_conn(s1, c1) = 1, conn_set_private(c1)',
  ])('are told to be two: %s', (text) => {
    expect(said(text)).toEqual([
      'conn_: a second call in one text; each call is a text of its own: ["conn_new() = c1", "conn_set_private(c1)"]',
    ]);
  });
});

describe('a call', () => {
  it.each([
    'conn_new() = c1',
    'conn_new() = NULL',
    'conn_set_private(c1)',
    'conn_set_owner(c1, s1)',
    'session_add_conn(s1, c1) = 1',
    'session_unown_conn(s1!freed, c1)',
    'session_check_idle_conn(NULL, c1) = -1',
    'srv_add_to_idle_list(b/srv, c1, 1) = 0',
    'srv_add_to_idle_list(NULL, c1, 0) = 0',
    'conn_backend_get(b/srv, 0) = c1',
    'conn_backend_get(b/srv, 1) = NULL',
    'mux_destroy(c1)',
    'mux_release(c1)',
  ])('is as the format says: %s', (call) => {
    expect(said(call)).toEqual([]);
  });

  it('need not return', () => {
    expect(said('session_check_idle_conn(NULL, c1)', 'session_check_idle_conn')).toEqual([]);
    expect(said('session_check_idle_conn(NULL, c1)')).toEqual([]);
  });

  it('may name ids of any kind', () => {
    for (const conn of ['a, b', ')', ') = 1', ', ', 'conn_free(x)', '"\\', 'é', 'NULL', ',']) {
      const ids = { conn: JSON.stringify(conn).slice(1, -1), sess: 'c, d' };
      const call = (text: string): string => traceOf(text.replaceAll('C', conn), undefined, ids);
      for (const text of ['session_add_conn(c, d, C) = 1', 'conn_new() = C', 'mux_destroy(C)']) {
        const free = JSON.stringify(`conn_free(${conn})`);
        const found = problemsOf(call(text).replace(/"conn_free\([^,]*?\)",/, `${free},`));
        expect(found, text.replaceAll('C', conn)).toEqual([]);
      }
    }
  });

  it('may be of any length and depth', () => {
    for (const call of ['(', ','].map((text) => `conn_free(${text.repeat(20_000)})`)) {
      expect(said(call)).toEqual([`conn_: a call of this length is none; ${COUNTED}`]);
    }
  });
});

describe('a call that is none', () => {
  it.each([
    [
      'session_add_con(s1, c1) = 1',
      'sessi: no function of the model is called "session_add_con"; did you mean "session_add_conn"?',
    ],
    ['cs_destroy(c1)', `cs_de: no function of the model is called "cs_destroy"; ${COUNTED}`],
    ['', `"]}}: this is no call of a function; ${COUNTED}`],
    ['(c1)', `(c1)": this is no call of a function; ${COUNTED}`],
    [
      'conn_free',
      '"]}}: the call of conn_free lacks its parentheses; it is written like "conn_free(c1)"',
    ],
    [
      'conn_free c1',
      ' c1"]: the call of conn_free lacks its parentheses; it is written "conn_free(c1)"',
    ],
    [
      'conn_new = c1',
      ' = c1: the call of conn_new lacks its parentheses; it is written "conn_new() = c1"',
    ],
  ])('names no function, or calls none: %s', (call, problem) => {
    expect(said(call)).toEqual([problem]);
  });

  it.each([
    [
      'session_add_conn(s1) = 1',
      ') = 1: session_add_conn takes 2 arguments (a session, a connection) here, not 1; it is written like "session_add_conn(s1, c1) = 1"',
    ],
    [
      'conn_new(c1, c1) = c1',
      'c1, c: conn_new takes no arguments here, not 2; it is written "conn_new() = c1"',
    ],
    [
      'conn_free()',
      ')"]}}: conn_free takes 1 argument (a connection) here, not 0; it is written like "conn_free(c1)"',
    ],
    [
      'session_add_conn(c1, s1) = 1',
      'c1, s: argument 1 of session_add_conn is "c1", and must be a session; it is written "session_add_conn(s1, c1) = 1"',
    ],
    [
      'conn_free(NULL)',
      'NULL): argument 1 of conn_free is "NULL", and must be a connection; it is written like "conn_free(c1)"',
    ],
    [
      'conn_backend_get(b/srv, 2) = c1',
      '2) = : is_safe is "2", and must be 0 or 1; it is written like "conn_backend_get(b/srv, 0) = c1"',
    ],
    [
      'conn_backend_get(b/srv, false) = c1',
      'false: is_safe is "false", and must be 0 or 1; it is written "conn_backend_get(b/srv, 0) = c1"',
    ],
  ])('has arguments that cannot be: %s', (call, problem) => {
    expect(said(call)).toEqual([problem]);
  });

  it.each([
    [
      'session_add_conn(s1, c1) = 2',
      '2"]}}: session_add_conn returns 0 or 1, not "2"; it is written "session_add_conn(s1, c1) = 0" or "session_add_conn(s1, c1) = 1"',
    ],
    [
      'session_add_conn(s1, c1) = true',
      'true": session_add_conn returns 0 or 1, not "true"; it is written "session_add_conn(s1, c1) = 1"',
    ],
    [
      'conn_set_private(c1) = 0',
      '0"]}}: conn_set_private returns nothing; it is written "conn_set_private(c1)"',
    ],
    [
      'conn_backend_get(b/srv, 0) = 1',
      '1"]}}: conn_backend_get returns a connection or NULL, not "1"; it is written like "conn_backend_get(b/srv, 0) = c1"',
    ],
  ])('returns what it does not return: %s', (call, problem) => {
    expect(said(call)).toEqual([problem]);
  });

  it.each([
    ['conn_free(x)', 'x)"]}: no event so far introduces the connection "x"'],
    ['conn_new() = x', 'x"]}}: no event so far introduces the connection "x"'],
    ['conn_set_owner(c1, y)', 'y)"]}: no event so far introduces the session "y"'],
    ['session_unown_conn(y!freed, c1)', 'y!fre: no event so far introduces the session "y"'],
    ['conn_backend_get(b/other, 0) = c1', 'b/oth: the header declares no server "b/other"'],
  ])('names what there is not: %s', (call, problem) => {
    expect(said(call).map((text) => text.split(';')[0])).toEqual([problem]);
  });

  it('is told once for a name that there is not', () => {
    const text = traceOf('conn_free(x)').replace('"conn_free(c1)"', '"mux_release(x)"');
    expect(problemsOf(text)).toHaveLength(1);
  });

  it('is pointed at in the text of the line, escapes and all', () => {
    expect(said('é"\\\u0001(c1)').map((text) => text.split(':')[0])).toEqual(['é\\"\\\\']);
    const call = 'conn_set_owner("é\n", s1)';
    expect(said(call).map((text) => text.split(':')[0])).toEqual(['é\\n\\"']);
  });
});

describe("HAProxy's own notation of a call", () => {
  it.each<readonly [string, string]>([
    ['session_add_conn(s1, c1, b/srv) = 1', 'session_add_conn(s1, c1) = 1'],
    ['conn_set_owner(c1, s1, NULL)', 'conn_set_owner(c1, s1)'],
    ['conn_backend_get(t1, b/srv, 0) = c1', 'conn_backend_get(b/srv, 0) = c1'],
    ['conn_backend_get(b/srv, 0) = null', 'conn_backend_get(b/srv, 0) = NULL'],
    ['session_unown_conn(nullptr, c1)', 'session_unown_conn(NULL, c1)'],
    ['conn_new(b/srv) = c1', 'conn_new() = c1'],
    ['conn_free(c1);', 'conn_free(c1)'],
    [' conn_free( c1 ) ', 'conn_free(c1)'],
    ['conn_free (c1)', 'conn_free(c1)'],
    ['session_add_conn(s1,c1)=1', 'session_add_conn(s1, c1) = 1'],
    ['session_add_conn(s1, c1) == 1', 'session_add_conn(s1, c1) = 1'],
    ['session_add_conn(s1, c1) -> 1', 'session_add_conn(s1, c1) = 1'],
    ['session_add_conn("s1", "c1") = 1', 'session_add_conn(s1, c1) = 1'],
    ['conn->mux->destroy(c1)', 'mux_destroy(c1)'],
    ['mux_release(c1)()', 'mux_release(c1)'],
    ...Object.entries(CALL_ALIASES).map(([alias, fn]): [string, string] => [
      `${alias}(c1)`,
      `${fn}(c1)`,
    ]),
  ])('is told how it is written here: %s', (call, written) => {
    const problems = said(call);
    expect(problems).toEqual([expect.stringMatching(/it is written "/)]);
    expect(problems[0]?.split('it is written ')[1]).toBe(JSON.stringify(written));
    expect(said(written)).toEqual([]);
  });
});

describe('the function of a crash', () => {
  it('is one of those in which the program can crash', () => {
    expect(said('conn_free(c1)', 'conn_free')).toEqual([]);
    const allowed = CRASH_FUNCTIONS.map((name) => `"${name}"`)
      .join(', ')
      .replace(/, ("[^,]*)$/, ' or $1');
    const must = `it must be ${allowed}`;
    expect(said('conn_free(c1)', 'h1_detach')).toEqual([
      `"h1_d: the program cannot crash in "h1_detach"; ${must}`,
    ]);
    for (const crash of ['conn_fre', 'conn_free()', ' conn_free(c1)']) {
      expect(said('conn_free(c1)', crash)).toEqual([
        `${JSON.stringify(crash).slice(0, 5)}: the program cannot crash in "${crash}"; did you mean "conn_free"? ${must}`,
      ]);
    }
  });
});

describe('the function of an abort', () => {
  const problemsWith = (expectation: object): string[] =>
    problemsOf(
      [
        HEADER,
        SESSION,
        CONNECT,
        JSON.stringify({ event: 'detach', strm: 't1', expect: expectation }),
      ].join('\n'),
    );

  it('may be any that has an assertion', () => {
    for (const abort of [...ABORT_FUNCTIONS, 'h1_wake', 'srv_drop']) {
      expect(problemsWith({ abort })).toEqual([]);
    }
  });

  it('is told which one it is like, and that it is a name', () => {
    expect(problemsWith({ abort: 'h2_io_cbb' })).toEqual([
      expect.stringMatching(
        /^4:\d+: no assertion .* "h2_io_cbb"; did you mean "h2_io_cb"\? it must/,
      ),
    ]);
    expect(problemsWith({ abort: 'conn_free(c1)' })).toEqual([
      expect.stringMatching(/did you mean "conn_free"\?/),
    ]);
    expect(problemsWith({ abort: 'BUG ON' })).toEqual([
      expect.stringMatching(/it must be a function, such as "session_add_conn"/),
    ]);
  });

  it('stands where no crash is', () => {
    expect(problemsWith({ abort: 'conn_free', crash: 'conn_free' })).toEqual([
      expect.stringMatching(
        /^4:\d+: a step cannot both crash and abort; leave "crash" or "abort" out/,
      ),
    ]);
  });
});

describe('a call that counts only by name', () => {
  const CALLED: Readonly<Record<(typeof NAMED_CALLS)[number], readonly string[]>> = {
    session_get_conn: [
      'session_get_conn(s1, b/srv) = c1',
      'session_get_conn(s1, b) = NULL',
      'session_get_conn(NULL, b/srv) = NULL',
    ],
    srv_release_conn: ['srv_release_conn(b/srv, c1)'],
    session_detach_idle_conn: ['session_detach_idle_conn(s1, c1) = 0'],
    session_reinsert_idle_conn: ['session_reinsert_idle_conn(s1, c1) = 1'],
    srv_add_to_avail_list: ['srv_add_to_avail_list(b/srv, c1)'],
    conn_release: ['conn_release(c1)'],
  };
  const problemsWith = (header: string, call: string): string[] => {
    const last = JSON.stringify({ event: 'detach', strm: 't1', expect: { calls: [call] } });
    return problemsOf([header, SESSION, CONNECT, last].join('\n'));
  };
  const naming = (...calls: readonly string[]): string =>
    HEADER.replace('"config"', `"calls":${JSON.stringify(calls)},"config"`);

  it.each(NAMED_CALLS)('is taken where the header names %s', (fn) => {
    for (const call of CALLED[fn]) expect(problemsWith(naming(fn), call), call).toEqual([]);
  });

  it.each(NAMED_CALLS)('is told what to write in the header, if that does not name %s', (fn) => {
    for (const call of CALLED[fn]) {
      expect(problemsWith(HEADER, call)).toEqual([
        `4:51: ${fn} counts only where the header names it; write "calls": ["${fn}"] there`,
      ]);
    }
  });

  it('is added to those that the header names', () => {
    expect(problemsWith(naming('conn_release'), 'srv_release_conn(b/srv, c1)')).toEqual([
      expect.stringContaining('write "calls": ["conn_release", "srv_release_conn"] there'),
    ]);
  });

  it('is looked at like any other', () => {
    const said = (fn: string, call: string) => problemsWith(naming(fn), call)[0];
    expect(said('session_get_conn', 'session_get_conn(s1, b/srvv) = c1')).toMatch(/"b\/srv"/);
    expect(said('session_get_conn', 'session_get_conn(s1) = c1')).toMatch(
      /takes 2 arguments \(a session, a server or a backend\) here/,
    );
    expect(said('srv_release_conn', 'srv_release_conn(b, c1)')).toMatch(/"b\/srv"/);
    expect(said('conn_release', 'conn_release(c1) = 1')).toMatch(/returns nothing/);
    expect(said('session_detach_idle_conn', 'session_detach_idle_conn(s1, c1) = 2')).toMatch(
      /returns 0 or 1/,
    );
  });

  it('can be named in no other way', () => {
    const header = HEADER.replace('"config"', '"calls":["session_get_con"],"config"');
    expect(problemsOf(`${header}\n`)).toEqual([
      expect.stringMatching(
        /^1:\d+: calls\[0\] is "session_get_con"; did you mean "session_get_conn"\?/,
      ),
    ]);
  });
});
