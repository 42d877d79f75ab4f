import { findRuleSet, step as takeStep, viewWorld, World } from '../../src/engine/index.ts';
import type { ConnView, SessView, SrvView, WorldView } from '../../src/engine/view/view.ts';
import type { TraceEvent } from '../../src/format/index.ts';
import type { Divergence, FileResult, StepOutcome, StepResult } from '../../src/replay/result.ts';
import { type FileHead, PLAIN, type ReportOptions } from '../../src/report/index.ts';
import { WITHOUT_OPTIONS } from '../../src/report/text/report-options.ts';

/** Plain output at 80 columns, for one file. */
export const OPTIONS: ReportOptions = {
  width: 80,
  palette: PLAIN,
  ...WITHOUT_OPTIONS,
};

export const FILE: FileHead = {
  path: 'traces/private/ntlm.jsonl',
  stdin: false,
  title: 'NTLM makes a connection private',
  rules: '08016ab82',
};

const { sess, conn, srv } = viewWorld(connected());

/** `c1` of `s1`, as a stream has just made it. */
export const CONN: ConnView = { ...there(conn.get('c1')), owner: 's1', io: [] };

export const SESS: SessView = there(sess.get('s1'));

/** A server that nobody has connected to yet. */
export const SRV: SrvView = there(srv.get('b/idle'));

function connected(): World {
  const servers = { 'b/srv': {}, 'b/idle': {} };
  const w = new World(
    { frontends: { fe: {} }, backends: { b: {} }, servers },
    there(findRuleSet('08016ab82')),
  );
  takeStep(w, { event: 'session_new', sess: 's1', fe: 'fe' });
  takeStep(w, { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', conn: 'c1' });
  return w;
}

function there<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error('the sample lacks something');
  return thing;
}

export const OUTCOME: StepOutcome = {
  kind: 'done',
  calls: [],
  ret: null,
  reused: null,
  conn: null,
  target: undefined,
  crash: null,
  impossible: null,
  broken: [],
};

/** A step that did nothing, but for what is given. */
export function step(
  number: number,
  event: TraceEvent,
  rest: Omit<Partial<StepResult>, 'outcome'> & { outcome?: Partial<StepOutcome> } = {},
): StepResult {
  return {
    number,
    line: number + 1,
    event,
    changes: [],
    touches: new Set(),
    divergences: [],
    findings: [],
    decisions: [],
    state: undefined,
    ...rest,
    outcome: { ...OUTCOME, ...rest.outcome },
  };
}

/** A first cause about connection c1, but for what is given. */
export function divergence(rest: Partial<Divergence> = {}): Divergence {
  return {
    kind: 'field',
    subject: { kind: 'conn', id: 'c1' },
    field: 'conn.c1.owner',
    expected: 's1',
    actual: null,
    decidedBy: null,
    follows: null,
    trail: [],
    ...rest,
  };
}

export function world(
  conn: Record<string, ConnView>,
  sess: Record<string, SessView>,
  srv: Record<string, SrvView>,
): WorldView {
  return {
    conn: new Map(Object.entries(conn)),
    sess: new Map(Object.entries(sess)),
    srv: new Map(Object.entries(srv)),
  };
}

export const RESULT: FileResult = {
  path: FILE.path,
  title: FILE.title,
  rules: FILE.rules,
  steps: 5,
  divergences: 0,
  followers: 0,
  divergingSteps: 0,
  findings: 0,
  unstatedFindings: 0,
  unstatedBy: { crash: 0, broken: 0, hint: 0 },
  crash: null,
  unrecorded: [],
  reached: null,
};

/** The steps of the example in the format's description. */
export const NTLM: readonly StepResult[] = [
  step(
    1,
    { event: 'session_new', sess: 's1', fe: 'fe' },
    { changes: [{ kind: 'sess', id: 's1', before: null, after: SESS }] },
  ),
  step(
    2,
    { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', conn: 'c1' },
    {
      outcome: { ret: 'NONE', reused: false, conn: 'c1', calls: ['conn_new() = c1'] },
      changes: [
        { kind: 'conn', id: 'c1', before: null, after: { ...CONN, owner: null } },
        {
          kind: 'srv',
          id: 'b/srv',
          before: SRV,
          after: { ...SRV, curr_used_conns: 1, max_used_conns: 1, est_need_conns: 1 },
        },
      ],
    },
  ),
  step(
    3,
    {
      event: 'http_wait_for_response',
      strm: 't1',
      status: 401,
      headers: { 'WWW-Authenticate': ['NTLM', 'Basic realm="x y"'] },
      note: 'the first leg of the handshake',
    },
    {
      outcome: {
        calls: ['conn_set_owner(c1, s1)', 'conn_set_private(c1)', 'session_add_conn(s1, c1) = 1'],
      },
      changes: [
        {
          kind: 'conn',
          id: 'c1',
          before: { ...CONN, owner: null },
          after: { ...CONN, flags: ['PRIVATE'], listed_in: 's1' },
        },
        {
          kind: 'sess',
          id: 's1',
          before: SESS,
          after: { ...SESS, prefer_last: true, srv_list: [['b/srv', ['c1']]] },
        },
      ],
    },
  ),
  step(
    4,
    { event: 'detach', strm: 't1', idle: false },
    {
      outcome: { calls: ['session_check_idle_conn(s1, c1) = 0'] },
      changes: [
        {
          kind: 'conn',
          id: 'c1',
          before: { ...CONN, flags: ['PRIVATE'], listed_in: 's1' },
          after: {
            ...CONN,
            flags: ['PRIVATE', 'SESS_IDLE'],
            listed_in: 's1',
            used_streams: 0,
            avail_streams: 1,
            streams: [],
          },
        },
        { kind: 'sess', id: 's1', before: SESS, after: { ...SESS, idle_conns: 1 } },
      ],
    },
  ),
  step(
    5,
    { event: 'session_free', sess: 's1' },
    {
      outcome: { calls: ['mux_destroy(c1)', 'mux_release(c1)', 'conn_free(c1)'] },
      changes: [
        { kind: 'conn', id: 'c1', before: CONN, after: null },
        { kind: 'sess', id: 's1', before: SESS, after: null },
      ],
    },
  ),
];
