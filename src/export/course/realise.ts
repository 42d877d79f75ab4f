import type { World } from '../../engine/objects/world.ts';
import type { RuleSet } from '../../engine/rule-sets/index.ts';
import type { Config, EventOf, TraceEvent } from '../../format/index.ts';
import { configObstacle, eventObstacle, type Obstacle } from './exportable.ts';
import { Peers } from './peers.ts';
import { nameObstacle, otherParams, paramsAsSent } from './server-name.ts';
import { type SessionCourse, sessionCourses } from './sessions.ts';
import { type Act, bare, type CourseConn, Stage } from './stage.ts';

/** An event of the trace, and where it stands. */
export interface PlacedEvent {
  readonly event: TraceEvent;
  readonly line: number;
}

/** Counters of a server, as `show servers conn` prints them. */
export interface ServerCounters {
  readonly used: number;
  readonly maxUsed: number;
  readonly need: number;
  readonly unsafe: number;
  readonly safe: number;
  readonly idle: number;
}

/** A trace as a script makes it happen, to the end of all that it begins. */
export interface Course {
  readonly config: Config;
  readonly rules: RuleSet;
  readonly sessions: ReadonlyMap<string, SessionCourse>;
  readonly conns: readonly CourseConn[];
  readonly acts: readonly Act[];
  /** What comes to HAProxy in the trace's own acts, with the ends of handshakes between them. */
  readonly inputs: readonly TraceEvent[];
  /** How many acts are the trace's own. */
  readonly own: number;
  /** After the last event of the trace; null: the program has ended. */
  readonly counters: ReadonlyMap<string, ServerCounters> | null;
}

/** Why a trace cannot be exported, and where. */
export interface Refusal extends Obstacle {
  /** Line of the trace: of the header, or of the event. */
  readonly line: number;
}

/** Whether a trace was refused. */
export function isRefusal<Value extends object>(value: Value | Refusal): value is Refusal {
  return 'why' in value;
}

type Connect = EventOf<'connect_server'>;

/** Whether all that an update does is to end a handshake, which a connection does by itself. */
function endsHandshake(event: TraceEvent): boolean {
  if (event.event !== 'conn_update') return false;
  const { event: _name, at, thread, note, source, expect, conn, clear, ...others } = event;
  return clear?.length === 1 && Object.keys(others).length === 0;
}

/** What a client that speaks so makes of a connect. */
function asSent(config: Config, event: Connect, { protocol, streams }: SessionCourse): TraceEvent {
  const { not_first: _said, params: _params, ...rest } = event;
  const params = paramsAsSent(config, event);
  const isLater = protocol === 'h2' || streams[0] !== event.strm;
  return {
    ...rest,
    ...(params === undefined ? {} : { params }),
    ...(isLater ? { not_first: true } : {}),
  };
}

function sameEnd(one: Act['end'], other: Act['end']): boolean {
  return one?.kind === other?.kind && one?.fn === other?.fn;
}

function sameNumbers(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((number) => other.includes(number));
}

/** Keys of connections: a script has one for every request to a server. */
function keyObstacle(config: Config, events: readonly PlacedEvent[]): Refusal | null {
  const keys = new Map<string, string>();
  const connects: Connect[] = [];
  for (const { event, line } of events) {
    if (event.event !== 'connect_server') continue;
    connects.push(event);
    const misnamed = nameObstacle(config, connects);
    if (misnamed !== null) return { line, ...misnamed };
    const key = JSON.stringify(otherParams(config, event) ?? {});
    const known = keys.get(event.target) ?? key;
    keys.set(event.target, known);
    if (known !== key) {
      const why =
        'requests to one server that ask for different connections differ in what the servers of a test script do not read';
      return { line, why, key: 'params' };
    }
  }
  return null;
}

/** A stream that connects again, or does not connect to the server that was chosen for it. */
function streamObstacle(events: readonly PlacedEvent[]): Refusal | null {
  const seen = new Set<string>();
  const chosen = new Map<string, number>();
  for (const { event, line } of events) {
    if (event.event === 'assign_server') chosen.set(event.strm, line);
    if (event.event !== 'connect_server') continue;
    chosen.delete(event.strm);
    if (seen.has(event.strm)) {
      return {
        line,
        why: 'a stream that connects again does so when HAProxy retries',
        key: 'strm',
      };
    }
    seen.add(event.strm);
  }
  const [line] = chosen.values();
  if (line === undefined) return null;
  return {
    line,
    why: 'a stream with a server that does not connect waits in a queue',
    key: 'strm',
  };
}

/** A trace that ends with the choice of a server goes on with the connect that it is for. */
function completed(config: Config, events: readonly PlacedEvent[]): readonly PlacedEvent[] {
  const last = events.at(-1);
  if (last?.event.event !== 'assign_server') return events;
  const { strm, sess, be } = last.event;
  const targets = Object.keys(config.servers ?? {}).filter((id) => id.startsWith(`${be}/`));
  const [target] = targets;
  if (target === undefined || targets.length > 1) return events;
  const connect: TraceEvent = { event: 'connect_server', strm, sess, target };
  return [...events, { event: connect, line: last.line }];
}

/** A limit of streams that counts for the clients of HTTP/2 as well. */
function limitObstacle(config: Config, sessions: Iterable<SessionCourse>): Refusal | null {
  const limits = Object.values(config.servers ?? {}).flatMap((srv) => srv['streams-limit'] ?? []);
  if (new Set(limits).size > 1) {
    return { line: 1, why: 'HAProxy has one limit of streams for all', key: 'streams-limit' };
  }
  const [limit = Number.POSITIVE_INFINITY] = limits;
  for (const { mostAtOnce } of sessions) {
    if (mostAtOnce > limit) {
      const why = 'the limit of streams counts for clients too, and one has more at a time';
      return { line: 1, why, key: 'streams-limit' };
    }
  }
  return null;
}

function firstObstacle(config: Config, events: readonly PlacedEvent[]): Refusal | null {
  const found = configObstacle(config);
  if (found !== null) return { line: 1, ...found };
  for (const { event, line } of events) {
    const obstacle = eventObstacle(event);
    if (obstacle !== null) return { line, ...obstacle };
  }
  return streamObstacle(events) ?? keyObstacle(config, events);
}

function countersOf(world: World): Map<string, ServerCounters> {
  const counters = new Map<string, ServerCounters>();
  for (const [id, srv] of world.servers) {
    if (srv.deleted) continue;
    counters.set(id, {
      used: srv.currUsedConns,
      maxUsed: srv.maxUsedConns,
      need: srv.estNeedConns,
      unsafe: srv.currIdleNb,
      safe: srv.currSafeNb,
      idle: srv.currIdleConns,
    });
  }
  return counters;
}

function offersH2(config: Config, { world }: Stage, conn: string): boolean {
  const target = world.connections.get(conn)?.target?.id ?? '';
  return config.servers?.[target]?.alpn?.split(',').includes('h2') === true;
}

/** Connections to one server that have agreed on different protocols. */
function mixedObstacle(config: Config, { conns }: Stage): Refusal | null {
  for (const [id, { ssl }] of Object.entries(config.servers ?? {})) {
    const muxes = new Set(conns.filter(({ target }) => target === id).map(({ mux }) => mux));
    if (ssl !== true || muxes.size < 2) continue;
    const why = 'what a server of a script agrees on is the same for all of its connections';
    return { line: 1, why, key: 'alpn' };
  }
  return null;
}

/** What brings everything to its end that is still going on: answers, then the clients leave. */
function epilogue(acts: readonly Act[]): TraceEvent[] {
  const streams = new Set<string>();
  const sessions = new Set<string>();
  for (const { event } of acts) {
    if (event.event === 'session_new') sessions.add(event.sess);
    else if (event.event === 'session_free') sessions.delete(event.sess);
    else if (event.event === 'connect_server') streams.add(event.strm);
    else if (event.event === 'detach') streams.delete(event.strm);
  }
  return [
    ...[...streams].map((strm): TraceEvent => ({ event: 'detach', strm })),
    ...[...sessions].map((sess): TraceEvent => ({ event: 'session_free', sess })),
  ];
}

/**
 * The course of a trace as a script makes it happen: the inputs that clients, servers and runtime
 * commands really give, every connection with its handshake over, and all that is begun brought to
 * its end. What the model makes of those inputs must be what it makes of the trace, as far as that
 * is seen from outside: who gets which connection, which are closed, whether the program lives.
 *
 * @param rules the rule set whose course it is, whatever the trace was written for
 */
export function realise(
  config: Config,
  told: readonly PlacedEvent[],
  rules: RuleSet,
): Course | Refusal {
  const events = completed(config, told);
  const obstacle = firstObstacle(config, events);
  if (obstacle !== null) return obstacle;
  const sessions = sessionCourses(events.map(({ event }) => event));
  const limited = limitObstacle(config, sessions.values());
  if (limited !== null) return limited;
  const written = new Stage(config, rules);
  const made = new Stage(config, rules);
  const acts: Act[] = [];
  const inputs: TraceEvent[] = [];
  const peers = new Peers(sessions);
  const take = (event: TraceEvent, line: number | null): Refusal | Act => {
    const untimely = peers.obstacle(made.world, event);
    if (untimely !== null) return { line: line ?? 1, ...untimely };
    const { outcome, act } = made.take(event);
    if (outcome.kind === 'impossible') return { line: line ?? 1, why: outcome.reason, key: null };
    const { oddity } = made;
    if (oddity !== null) return { line: line ?? 1, why: oddity, key: null };
    const unlikely = act.end === null ? peers.follow(made.world, event) : null;
    if (unlikely !== null) return { line: line ?? 1, ...unlikely };
    const whole = { event, line, ...act };
    acts.push(whole);
    inputs.push(event);
    return whole;
  };
  // The line by which connections have come to wait for their removal.
  let removal: number | null = null;
  // The connection whose handshake goes on.
  let handshake: string | null = null;
  for (const { event, line } of events) {
    if (handshake !== null && !endsHandshake(event)) {
      if (event.event !== 'conn_create_mux' || event.conn !== handshake) {
        const why = `the handshake of ${handshake} is over before anything else happens`;
        return { line, why, key: null };
      }
      handshake = null;
    }
    if (removal !== null && event.event !== 'srv_cleanup_toremove_connections') {
      const why = 'what is to be removed is removed at once, before anything else happens';
      return { line, why, key: null };
    }
    const before = written.take(bare(event));
    if (before.outcome.kind === 'impossible') {
      return { line, why: before.outcome.reason, key: null };
    }
    if (endsHandshake(event)) continue;
    const session = event.event === 'connect_server' ? sessions.get(event.sess) : undefined;
    const input =
      event.event === 'connect_server' && session ? asSent(config, event, session) : event;
    const taken = take(bare(input), line);
    if (isRefusal(taken)) return taken;
    const { conn, isReused, freed, end } = before.act;
    const isSame =
      conn === taken.conn &&
      isReused === taken.isReused &&
      sameNumbers(freed, taken.freed) &&
      sameEnd(end, taken.end);
    if (!isSame) {
      const why =
        'what a client sends comes to something else: its first request alone is a first one, and it is answered over established connections';
      return { line, why, key: null };
    }
    if (taken.end !== null) break;
    removal = made.mayRemove ? (removal ?? line) : null;
    if (event.event !== 'connect_server' || taken.conn === null || taken.isReused) continue;
    const { id } = made.conns[taken.conn] ?? { id: '' };
    const established: TraceEvent = { event: 'conn_update', conn: id, clear: ['WAIT_XPRT'] };
    made.take(established);
    inputs.push(established);
    if (made.isDelayed(id)) handshake = id;
  }
  if (handshake !== null) {
    const mux = offersH2(config, made, handshake) ? 'h2' : 'h1';
    const taken = take({ event: 'conn_create_mux', conn: handshake, mux }, null);
    if (isRefusal(taken)) return { ...taken, line: events.at(-1)?.line ?? 1 };
  }
  if (made.mayRemove && acts.at(-1)?.end == null) {
    const taken = take({ event: 'srv_cleanup_toremove_connections' }, null);
    if (isRefusal(taken)) return { ...taken, line: events.at(-1)?.line ?? 1 };
  }
  for (let { next } = peers; next !== null && acts.at(-1)?.end == null; { next } = peers) {
    const taken = take(next, null);
    if (isRefusal(taken)) return { ...taken, line: events.at(-1)?.line ?? 1 };
  }
  const mixed = mixedObstacle(config, made);
  if (mixed !== null) return mixed;
  const own = acts.length;
  const ownInputs = [...inputs];
  const hasEnded = acts.at(-1)?.end != null;
  const counters = hasEnded ? null : countersOf(made.world);
  for (const event of epilogue(acts)) {
    if (acts.at(-1)?.end == null) {
      const taken = take(event, null);
      if (isRefusal(taken)) return { ...taken, line: events.at(-1)?.line ?? 1 };
    } else
      acts.push({
        event,
        line: null,
        conn: null,
        isReused: false,
        hasPreferred: false,
        freed: [],
        end: null,
      });
  }
  return { config, rules, sessions, conns: made.conns, acts, inputs: ownInputs, own, counters };
}
