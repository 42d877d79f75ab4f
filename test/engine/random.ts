import fc from 'fast-check';
import { MultiplexedContext } from '../../src/engine/functions/mux/multiplexed.ts';
import { CO_FL_XPRT_READY, type Connection } from '../../src/engine/objects/connection-t.ts';
import { World } from '../../src/engine/objects/world.ts';
import { isEnd, type Outcome, step } from '../../src/engine/step/step.ts';
import type { FailName, TraceEvent } from '../../src/format/index.ts';
import type { Setting } from './random-setting.ts';
import { rulesOf } from './support.ts';

const flag = fc.boolean();
const rarely = fc.integer({ min: 0, max: 9 }).map((n) => n === 0);

const anyFail = fc.constantFrom<FailName>(
  ...Array.from({ length: 24 }, () => 'sess_srv_list' as const),
  ...([
    'conn_stream',
    'conn_stream',
    'sockaddr',
    'connection',
    'mux',
    'takeover',
    'takeover',
  ] as const),
);

/** One command: what kind of event, which of the objects there are, and all inputs it may need. */
const anyCommand = fc.record({
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant('session_new' as const) },
    { weight: 30, arbitrary: fc.constant('connect_server' as const) },
    { weight: 26, arbitrary: fc.constant('detach' as const) },
    { weight: 10, arbitrary: fc.constant('conn_create_mux' as const) },
    { weight: 6, arbitrary: fc.constant('http_wait_for_response' as const) },
    { weight: 8, arbitrary: fc.constant('conn_update' as const) },
    { weight: 7, arbitrary: fc.constant('session_free' as const) },
    { weight: 3, arbitrary: fc.constant('assign_server' as const) },
    { weight: 3, arbitrary: fc.constant('tcpcheck_eval_connect' as const) },
    { weight: 6, arbitrary: fc.constant('stream_destroy' as const) },
    { weight: 2, arbitrary: fc.constant('mux_release' as const) },
    { weight: 3, arbitrary: fc.constant('srv_cleanup_idle_connections' as const) },
    { weight: 1, arbitrary: fc.constant('srv_cleanup_connections' as const) },
    { weight: 2, arbitrary: fc.constant('srv_cleanup_toremove_connections' as const) },
    { weight: 4, arbitrary: fc.constant('conn_io' as const) },
    { weight: 1, arbitrary: fc.constant('srv_admin' as const) },
    { weight: 1, arbitrary: fc.constant('del_server' as const) },
    { weight: 2, arbitrary: fc.constant('check_connect' as const) },
  ),
  pick: fc.nat({ max: 59 }),
  other: fc.nat({ max: 59 }),
  yes: flag,
  no: rarely,
  third: rarely,
  fds: fc.constantFrom(0, 0, 0, 5, 11),
  fail: fc.oneof(
    { weight: 12, arbitrary: fc.constant<FailName[]>([]) },
    { weight: 1, arbitrary: fc.array(anyFail, { minLength: 1, maxLength: 3 }) },
  ),
});
export type Command = typeof anyCommand extends fc.Arbitrary<infer T> ? T : never;

// Without bias towards small numbers, which would pick the same objects over and over.
export const anyCommands = fc.noBias(
  fc.array(anyCommand, { minLength: 40, maxLength: 80, size: 'max' }),
);

const SERVERS = [...Array.from({ length: 9 }, () => 'b/one'), 'b/two', 't/srv'];
const TARGETS = [...SERVERS, 'd'];

function choose<T>(from: readonly T[], pick: number): T | undefined {
  return from[pick % from.length];
}

/** Turns commands into events that can happen in the world as it is, and takes them. */
export class Walk {
  readonly w: World;
  readonly events: TraceEvent[] = [];
  /** The modelled program has crashed or aborted: nothing happens after it. */
  ended = false;
  /** The thread that each session, and each connection, belongs to. */
  readonly #threads = new Map<string, number>();
  #names = 0;

  constructor({ rules, config }: Setting) {
    this.w = new World(config, rulesOf(rules));
  }

  /** Takes the event that a command stands for now; null when there is none, or when the program has ended. */
  take(command: Command): Outcome | null {
    if (this.ended) return null;
    // A command that finds no object to act on makes or uses one, so that few are in vain.
    const event =
      this.#event(command) ??
      (command.yes ? this.#event({ ...command, kind: 'detach' }) : null) ??
      this.#event({ ...command, kind: 'connect_server' }) ??
      this.#event({ ...command, kind: 'session_new' });
    if (!event) return null;
    this.events.push(event);
    const outcome = step(this.w, event);
    this.ended = isEnd(outcome);
    const thread = this.w.thread;
    if (event.event === 'session_new') this.#threads.set(event.sess, thread);
    for (const conn of this.w.connections.values()) {
      if (!this.#threads.has(conn.id)) this.#threads.set(conn.id, thread);
    }
    if (outcome.kind === 'done' && outcome.returned.conn) {
      this.#threads.set(outcome.returned.conn.id, thread);
    }
    return outcome;
  }

  threadOf(id: string): number {
    return this.#threads.get(id) ?? 0;
  }

  #event(command: Command): TraceEvent | null {
    const { kind, pick, other, yes, no, third, fds } = command;
    const { w } = this;
    const fail = command.fail.length > 0 ? { fail: command.fail } : {};
    const sessions = [...w.sessions.values()].filter((s) => s.fe.id === 'fe');
    const sess = choose(sessions, pick);
    const thread = this.threadOf(sess?.id ?? '');
    const srv = ['b/one', 'b/two', 't/srv'].filter((id) => w.server(id))[other % 3] ?? 'b/one';
    switch (kind) {
      case 'session_new': {
        if (sessions.length > 3) return null;
        const name = `s${++this.#names}`;
        return { event: kind, sess: name, fe: 'fe', thread: pick % w.nbthread };
      }
      case 'assign_server': {
        if (!sess) return null;
        const unusable = no ? ['b/one'] : [];
        return { event: kind, strm: 't', sess: sess.id, be: yes ? 'b' : 't', unusable, thread };
      }
      case 'connect_server': {
        if (!sess) return null;
        const strm = `t${++this.#names}`;
        // be8159248: no connection goes to a backend any more; the server stands in for it.
        const all = w.rules.targets === 'any' ? TARGETS : [...SERVERS, 'b/one'];
        const targets = all.filter((id) => w.target(id));
        const errors = ['address', 'connect', 'mux', 'handshake'] as const;
        return {
          ...{ event: kind, strm, sess: sess.id, conn: `c${this.#names}`, thread, ...fail },
          target: choose(targets, other) ?? 'b/one',
          not_first: yes,
          sni: other % 4 !== 0,
          src: other % 5 !== 0,
          used_fds: fds,
          ...(no && third ? { error: errors[other % 4] } : {}),
        };
      }
      case 'check_connect':
      case 'tcpcheck_eval_connect': {
        const check = [...w.sessions.values()].find((s) => s.fe.id === 'checks' && !s.streams);
        const name = `${++this.#names}`;
        if (!check) return { event: 'session_new', sess: `k${name}`, fe: 'checks' };
        const mux = yes ? ({ mux: other % 2 ? 'h1' : 'h2' } as const) : {};
        const names = { strm: `t${name}`, conn: `c${name}` };
        const to = { ...names, sess: check.id, target: srv, ...mux, ...fail };
        if (kind === 'tcpcheck_eval_connect') return { event: kind, ...to };
        const params = third ? { params: { name: 'one' } } : {};
        return { event: kind, ...to, ...params, reuse_pool: !no };
      }
      case 'srv_admin':
        if (!w.server(srv)) return null;
        return { event: kind, srv, maint: !w.server(srv)?.maint, thread: pick % w.nbthread };
      case 'del_server':
        // Once in a while only, and not the server that most requests go to.
        if (w.rules.delServer === 'unknown' || !no || !w.server('b/two')) return null;
        return {
          event: kind,
          srv: 'b/two',
          thread: pick % w.nbthread,
          ...(yes ? { error: true } : {}),
        };
      case 'srv_cleanup_idle_connections':
        return this.#pass(srv, pick % w.nbthread);
      case 'srv_cleanup_connections':
        // The crash without a pool comes once in a while only.
        if (w.servers.get(srv)?.idleConns === null && !no) return null;
        return { event: kind, srv, thread: pick % w.nbthread };
      case 'srv_cleanup_toremove_connections':
        return { event: kind, thread: pick % w.nbthread };
      case 'session_free': {
        const free = choose(
          [...w.sessions.values()].filter((s) => s.streams === 0),
          pick,
        );
        return free ? { event: kind, sess: free.id, thread: this.threadOf(free.id) } : null;
      }
      default:
        return this.#streamEvent(command, fail);
    }
  }

  /** An event of a stream or of a connection. */
  #streamEvent(command: Command, fail: { fail?: FailName[] }): TraceEvent | null {
    const { kind, pick, other, yes, no, third, fds } = command;
    const { w } = this;
    const cs = choose([...w.streams.values()], pick);
    const conns = [...w.connections.values()];
    const threadOf = (conn: Connection | undefined) => this.threadOf(conn?.id ?? '');
    switch (kind) {
      case 'detach': {
        if (!cs) return null;
        return {
          ...{ event: kind, strm: cs.strm, thread: threadOf(cs.conn), used_fds: fds, ...fail },
          idle: other % 6 !== 0,
          excess_data: no,
          shutw_now: other === 1,
          obuf_data: yes,
          mux_error: other === 2,
          shutdown: other === 3,
          blocked: other % 5 === 0,
          ended: third,
          dead: other === 4,
          ...(other === 5 ? { proto_status: 'CANT_MPX_CONN' } : {}),
          ...(other === 7 ? { proto_status: 'OVERLOADED' } : {}),
        };
      }
      case 'http_wait_for_response': {
        const asked = choose(
          [...w.streams.values()].filter((s) => s.conn.ctx && !s.conn.freed),
          pick,
        );
        if (!asked) return null;
        const status = no ? 200 : 401;
        const headers = { 'WWW-Authenticate': [yes || third ? 'NTLM' : 'Basic realm="x"'] };
        const thread = threadOf(asked.conn);
        return { event: kind, strm: asked.strm, status, headers, thread, ...fail };
      }
      case 'stream_destroy': {
        const orphan = choose([...w.orphans.values()].flat(), pick);
        if (!orphan) return null;
        const thread = threadOf(orphan.conn);
        return { event: kind, strm: orphan.strm, ended: no, dead: third, woken: yes, thread };
      }
      case 'conn_create_mux': {
        // After a failure the transport is closed, and nobody creates a mux any more.
        const waiting = conns.filter((c) => c.cs && c.has(CO_FL_XPRT_READY));
        const conn = choose(waiting, pick);
        if (!conn) return null;
        const mux = choose(['h1', 'h2', 'h2', 'fcgi'] as const, other) ?? 'h1';
        return { event: kind, conn: conn.id, mux, thread: threadOf(conn), ...fail };
      }
      case 'mux_release': {
        const idle = conns.filter((c) => c.ctx && c.ctx.streams.length === 0);
        const conn = choose(idle, pick);
        return conn ? { event: kind, conn: conn.id, thread: threadOf(conn) } : null;
      }
      case 'conn_update': {
        const conn = choose(conns, pick);
        return conn ? this.#update(conn, command) : null;
      }
      case 'conn_io': {
        const idle = conns.filter((c) => c.ctx && c.ctx.streams.length === 0);
        const conn = choose(idle, pick);
        if (!conn) return null;
        const via = yes ? 'io' : 'wake';
        const thread = threadOf(conn);
        return {
          event: kind,
          conn: conn.id,
          via,
          ...(no ? { released: true } : {}),
          thread,
          ...fail,
        };
      }
      default:
        return null;
    }
  }

  /** A pass comes over servers in the purge tree only: in that of its thread, if each has its own. */
  #pass(srv: string, thread: number): TraceEvent | null {
    const { purgeDue = null, inPurgeTrees = [] } = this.w.servers.get(srv) ?? {};
    const isOwn = this.w.rules.purge.perThread;
    if (isOwn ? inPurgeTrees[thread] !== 1 : purgeDue === null) return null;
    return { event: 'srv_cleanup_idle_connections', srv, thread };
  }

  #update(conn: Connection, { other, yes, no, third }: Command): TraceEvent {
    const update = { event: 'conn_update', conn: conn.id, thread: this.threadOf(conn.id) } as const;
    if ((conn.flags & 3) !== 0) return { ...update, ...(yes ? { requeue: true } : {}), unlink: no };
    const flags = ['ERROR', 'SOCK_RD_SH', 'SOCK_WR_SH', 'WAIT_XPRT', 'XPRT_READY'] as const;
    const set = no ? [flags[other % 4] ?? 'ERROR'] : [];
    const clear = third ? [flags[other % 5] ?? 'ERROR'] : (['WAIT_XPRT'] as const).slice();
    const { ctx } = conn;
    const counts =
      ctx instanceof MultiplexedContext
        ? {
            nb_streams: yes ? ctx.nbStreams : Math.max(ctx.nbStreams - 1, 0),
            streams_limit: other % 5,
          }
        : {};
    const goaway = ctx?.mux.name === 'h2' && no ? { goaway: true } : {};
    const error = ctx && ctx.mux.name !== 'pt' && third ? { mux_error: yes } : {};
    return { ...update, set, clear, ...counts, ...goaway, ...error, unlink: no && yes };
  }
}
