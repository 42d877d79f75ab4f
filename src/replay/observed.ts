import type { World } from '../engine/objects/world.ts';
import { type Tellers, tellersUnder } from '../engine/view/observe.ts';
import { statedOf } from '../engine/view/readings.ts';
import type { Expect, TraceEvent } from '../format/index.ts';
import { isOutcome } from './findings.ts';
import type { StepOutcome, Value } from './result.ts';

type State = Readonly<Record<string, Value>>;

/** Ids of the objects of one step, by kind, in the order in which they are stated. */
interface Ids {
  readonly conn: Set<string>;
  readonly sess: Set<string>;
  readonly srv: Set<string>;
}

/**
 * Everything known of a step that was just taken, as an expectation states it, in the order in
 * which it is written: what it returned, what it called, and the state after it of every object
 * that it touched, that its event names or that its expectation states, with the owners and the
 * servers of its connections. Of a crash or an abort only the calls up to it and the function: what
 * it leaves behind is not defined, or of no use. Of an impossible step nothing.
 */
export function observedExpect(w: World, event: TraceEvent, outcome: StepOutcome): State {
  const { calls, crash, abort } = outcome;
  if (outcome.kind === 'impossible') return {};
  if (crash !== null) return { calls, ...brokenState(event, outcome), crash };
  if (abort !== undefined) return { calls, ...brokenState(event, outcome), abort };
  const ids = idsOf(w, event);
  const tellers = tellersUnder(w.rules);
  return {
    ...(outcome.ret === null ? {} : { ret: outcome.ret }),
    ...(outcome.reused === null ? {} : { reused: outcome.reused }),
    ...(outcome.target === undefined ? {} : { target: outcome.target }),
    calls,
    ...states('conn', ids.conn, (id) => w.connections.get(id), tellers),
    ...states('sess', ids.sess, (id) => w.sessions.get(id), tellers),
    ...states('srv', ids.srv, (id) => w.server(id), tellers),
    ...brokenState(event, outcome),
  };
}

/** What the step broke; that it broke nothing is worth a word only where the trace has one. */
function brokenState({ expect }: TraceEvent, { broken }: StepOutcome): State {
  const stated = (expect as Expect | undefined)?.broken;
  const done = broken.filter((name) => isOutcome(name) || stated?.includes(name));
  return done.length > 0 || stated !== undefined ? { broken: done } : {};
}

/** What the step touched stands first, then what it is about, then what else is stated. */
function idsOf(w: World, event: TraceEvent): Ids {
  const ids: Ids = { conn: new Set(), sess: new Set(), srv: new Set() };
  for (const { kind, id } of w.log.touched) ids[kind].add(id);
  addNamed(w, event, ids);
  // Whether its owner and its server count a connection is seen in what they did not do, too.
  for (const entity of w.log.touched) {
    if (entity.kind !== 'conn') continue;
    if (entity.owner?.freed === false) ids.sess.add(entity.owner.id);
    if (entity.srv) ids.srv.add(entity.srv.id);
  }
  const expect: Expect = event.expect ?? {};
  for (const id in expect.conn) ids.conn.add(id);
  for (const id in expect.sess) ids.sess.add(id);
  for (const id in expect.srv) ids.srv.add(id);
  return ids;
}

/** Adds what the event names, and what its stream still holds. */
function addNamed(w: World, event: TraceEvent, ids: Ids): void {
  const cs = 'strm' in event ? w.streams.get(event.strm) : undefined;
  if (cs) {
    ids.conn.add(cs.conn.id);
    ids.sess.add(cs.sess.id);
  }
  // The `conn` of an event that connects is what the trace calls a connection, should one result.
  const connects = event.event === 'connect_server' || event.event === 'tcpcheck_eval_connect';
  if ('conn' in event && event.conn !== undefined && !connects) ids.conn.add(event.conn);
  if ('sess' in event) ids.sess.add(event.sess);
  if ('srv' in event) ids.srv.add(event.srv);
  if ('target' in event && w.servers.has(event.target)) ids.srv.add(event.target);
}

/** The states of some objects under their kind; nothing when there is none. */
function states(
  kind: keyof Ids,
  ids: Iterable<string>,
  objectOf: (id: string) => object | undefined,
  tellers: Tellers,
): State {
  const entries = Array.from(ids, (id) => {
    const object = objectOf(id);
    return [id, object === undefined ? null : (statedOf(tellers[kind], object) as State)] as const;
  });
  // Object.fromEntries makes `__proto__` a key like any other; an assignment would not.
  return entries.length === 0 ? {} : { [kind]: Object.fromEntries(entries) };
}
