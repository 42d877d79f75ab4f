import { setOwner } from '../../src/engine/objects/tracked.ts';
import { World } from '../../src/engine/objects/world.ts';
import { findRuleSet, type RuleSet, ruleSetNames } from '../../src/engine/rule-sets/index.ts';
import { type Outcome, step } from '../../src/engine/step/step.ts';
import { callText, viewConn, viewSess, viewSrv, viewWorld } from '../../src/engine/view/observe.ts';
import type { ConnView, SessView, SrvView } from '../../src/engine/view/view.ts';
import type {
  BackendConfig,
  Config,
  EventOf,
  FrontendConfig,
  ServerConfig,
  TraceEvent,
} from '../../src/format/index.ts';

/** The rule set before the change, and the one of the change. */
export const PRE = '21ddc74e8';
export const POST = '08016ab82';
export const BOTH = [PRE, POST] as const;

/** Every rule set, for what holds under all of them. */
export const EACH = ruleSetNames();

/** The multiplexers that carry several streams at once. */
export const MULTIPLEXERS = ['h2', 'fcgi'] as const;
export const EACH_MUX_AND_RULES = MULTIPLEXERS.flatMap((mux) =>
  BOTH.map((rules) => [mux, rules] as const),
);

/** A server that speaks to one of them, with room for three streams on a connection. */
export function threeStreams(proto: 'h2' | 'fcgi', more: ServerConfig = {}): ServerConfig {
  return { proto, 'streams-limit': 3, ...more };
}

/** One frontend `fe`, one backend `b`, one server `b/srv`, unless `config` says more. */
export interface Setting {
  readonly reuse?: BackendConfig['http-reuse'];
  readonly be?: BackendConfig;
  readonly srv?: ServerConfig;
  readonly fe?: FrontendConfig;
  readonly config?: Config;
}

export function rulesOf(id: string): RuleSet {
  const rules = findRuleSet(id);
  if (!rules) throw new Error(`no rule set ${id}`);
  return rules;
}

/** The object, which the test knows to be there. */
export function the<T>(found: T | null | undefined): T {
  if (found === null || found === undefined) throw new Error('the test expects an object here');
  return found;
}

type Inputs<Name extends TraceEvent['event']> = Partial<Omit<EventOf<Name>, 'event'>>;

/** One small world and the events that happen in it; every verb returns the scene again. */
export class Scene {
  readonly w: World;
  outcome: Outcome = { kind: 'done', returned: {} };

  constructor(rules: string, setting: Setting) {
    const { reuse, config } = setting;
    const be = reuse === undefined ? { ...setting.be } : { ...setting.be, 'http-reuse': reuse };
    this.w = new World(
      {
        ...config,
        frontends: { fe: { ...setting.fe }, ...config?.frontends },
        backends: { b: be, ...config?.backends },
        servers: { 'b/srv': { ...setting.srv }, ...config?.servers },
      },
      rulesOf(rules),
    );
  }

  /** Takes an event whatever comes of it. */
  take(event: TraceEvent): Outcome {
    this.outcome = step(this.w, event);
    return this.outcome;
  }

  /** Takes an event that has to be possible and harmless. */
  do(event: TraceEvent): this {
    const outcome = this.take(event);
    if (outcome.kind !== 'done') {
      throw new Error(`${event.event} was to be done: ${JSON.stringify(outcome)}`);
    }
    return this;
  }

  session(...ids: string[]): this {
    for (const sess of ids) this.do({ event: 'session_new', sess, fe: 'fe' });
    return this;
  }

  /** Stream `tN` connects for session `s1`; a new connection is `cN`. */
  connect(strm: string, inputs: Inputs<'connect_server'> = {}): this {
    return this.do(connecting(strm, inputs));
  }

  detach(strm: string, inputs: Inputs<'detach'> = {}): this {
    return this.do({ event: 'detach', strm, ...inputs });
  }

  /** The answer asks for NTLM. */
  ntlm(strm: string, inputs: Inputs<'http_wait_for_response'> = {}): this {
    const headers = { 'WWW-Authenticate': ['NTLM'] };
    return this.do({ event: 'http_wait_for_response', strm, status: 401, headers, ...inputs });
  }

  createMux(conn: string, mux: EventOf<'conn_create_mux'>['mux'], fail?: 'sess_srv_list'): this {
    return this.do({ event: 'conn_create_mux', conn, mux, ...(fail ? { fail: [fail] } : {}) });
  }

  update(conn: string, inputs: Inputs<'conn_update'>): this {
    return this.do({ event: 'conn_update', conn, ...inputs });
  }

  /** The handshake of these connections is over. */
  established(...conns: string[]): this {
    for (const conn of conns) this.update(conn, { clear: ['WAIT_XPRT'] });
    return this;
  }

  release(conn: string, thread = 0): this {
    return this.do({ event: 'mux_release', conn, thread });
  }

  free(...ids: string[]): this {
    for (const sess of ids) this.do({ event: 'session_free', sess });
    return this;
  }

  /** One exchange of a stream: connect and leave, so that an idle connection remains. */
  exchange(strm: string, inputs: Inputs<'connect_server'> = {}): this {
    return this.connect(strm, inputs).detach(strm, { thread: inputs.thread });
  }

  /** Function in which the event crashes; null when it does not. */
  crash(event: TraceEvent): string | null {
    const outcome = this.take(event);
    return outcome.kind === 'crash' ? outcome.fn : null;
  }

  /** Reason why the event is impossible; null when it is not. */
  refusal(event: TraceEvent): string | null {
    const outcome = this.take(event);
    return outcome.kind === 'impossible' ? outcome.reason : null;
  }

  /** Calls of the last step. */
  get calls(): string[] {
    return this.w.log.calls.map(callText);
  }

  /** Ids of the rules that decided in the last step. */
  get decisions(): string[] {
    return this.w.log.decisions().map((d) => d.rule.id);
  }

  /** What the last step returned. */
  get returned() {
    if (this.outcome.kind !== 'done') throw new Error('the last step did not return');
    const { conn, target, ...rest } = this.outcome.returned;
    return { ...rest, conn: conn?.id ?? null, target: target?.id ?? null };
  }

  conn(id: string): ConnView | null {
    const conn = this.w.connections.get(id);
    return conn ? viewConn(this.w, conn) : null;
  }

  sess(id: string): SessView | null {
    const sess = this.w.sessions.get(id);
    return sess ? viewSess(this.w, sess) : null;
  }

  srv(id = 'b/srv'): SrvView {
    return viewSrv(this.w, this.server(id));
  }

  /** Objects of the engine itself, for calls that no event makes. */
  connection(id: string) {
    return the(this.w.connections.get(id));
  }

  /** Gives a connection an owner, as no event would. */
  own(conn: string, sess: string | null): this {
    setOwner(this.connection(conn), sess === null ? null : this.theSession(sess));
    return this;
  }

  theSession(id: string) {
    return the(this.w.sessions.get(id));
  }

  server(id = 'b/srv') {
    return the(this.w.servers.get(id));
  }
}

export function scene(rules: string, setting: Setting = {}): Scene {
  return new Scene(rules, setting);
}

/** Stream `tN` connects for session `s1`, and a new connection is `cN`, unless `inputs` differ. */
export function connecting(
  strm: string,
  inputs: Inputs<'connect_server'> = {},
): EventOf<'connect_server'> {
  const conn = strm.replace(/^t/, 'c');
  return { event: 'connect_server', strm, sess: 's1', target: 'b/srv', conn, ...inputs };
}

/** Everything that a step could change, as text: two worlds with the same text are the same. */
export function snapshot(w: World): string {
  const { sess, conn, srv } = viewWorld(w);
  const hidden = [...w.servers.values()].map((s) => [s.currIdleThr, s.nextTakeover]);
  const inner = [...w.connections.values()].map((c) => [c.flags, c.countedIdle, c.listBusy]);
  const streams = [...w.streams].map(([id, cs]) => [id, cs.conn.id, cs.sess.id, cs.notFirst]);
  const orphans = [...w.orphans].map(([id, all]) => [id, all.map((cs) => cs.conn.id)]);
  const toremove = w.toremove.map((list) => list.toArray().map((c) => c.id));
  const holding = [...w.sessions.values()].map((s) => s.streams);
  const parts = [
    [...sess],
    [...conn],
    [...srv],
    hidden,
    inner,
    streams,
    orphans,
    toremove,
    holding,
  ];
  return JSON.stringify([...parts, noted(w)], null, 1);
}

/** What objects note for the invariants alone. */
function noted(w: World): unknown[] {
  const sessions = [...w.sessions.values()];
  return [
    [...w.connections.values()].map((c) => {
      return [c.streams, c.creator?.id, c.challenged?.id, c.joinedEarly, c.broken];
    }),
    sessions.map((s) => [s.preferred?.id, s.preferredBy, s.broken]),
    sessions.map((s) => s.owned.toArray().map((c) => c.id)),
    [...w.servers.values()].map((s) => [s.liveConns, s.liveIdleConns, s.broken]),
  ];
}

/** What a step did, as text: its outcome and its calls. */
export function tell(w: World, outcome: Outcome): string {
  if (outcome.kind !== 'done') return JSON.stringify([outcome, w.log.calls.map(callText)]);
  const { conn, target, ...rest } = outcome.returned;
  return JSON.stringify([rest, conn?.id, target?.id, w.log.calls.map(callText)]);
}
