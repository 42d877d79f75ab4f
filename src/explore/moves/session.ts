import type { Params } from '../../engine/functions/conn-key.ts';
import { CO_FL_SESS_IDLE, CO_FL_WAIT_XPRT } from '../../engine/objects/connection-t.ts';
import { REUSE_NEVR, type Target } from '../../engine/objects/server-t.ts';
import type { Session } from '../../engine/objects/session-t.ts';
import type { EventOf, FailName, MuxName } from '../../format/index.ts';
import { freeName, PREFERRED_NAMES, RETRYING_NAMES, SESS_NAMES, slotOf } from '../state/names.ts';
import { onThread, withFds } from './inputs.ts';
import { victimsOf } from './key-order.ts';
import type { MoveList } from './move-list.ts';

type Connect = EventOf<'connect_server'>;

const CONNECT_ALLOCATIONS: readonly FailName[] = [
  'connection',
  'sess_srv_list',
  'sockaddr',
  'conn_stream',
  'mux',
  'takeover',
];
const CHECK_ALLOCATIONS: readonly FailName[] = ['conn_stream', 'connection', 'mux'];

/** Sessions start, look for their last server, connect and end. */
export function addSessionMoves(list: MoveList): void {
  const { scene, choices } = list;
  const { sessions, world, frontends } = scene.side;
  if (sessions.length < choices.sessions) {
    const sess = freeName(SESS_NAMES, (name) => world.sessions.has(name));
    for (const { id } of frontends) {
      for (let thread = 0; thread < world.nbthread; thread++) {
        list.add(onThread({ event: 'session_new', sess, fe: id }, thread));
      }
    }
  }
  for (let at = 0; at < sessions.length; at++) {
    const sess = sessions[at];
    if (!sess) continue;
    if (sess.fe.id === choices.checks) addChecks(list, sess);
    else {
      addAssigns(list, sess);
      addConnects(list, sess);
    }
    const isFree = scene.sides.every((side) => side.sessions[at]?.streams === 0);
    const thread = scene.threads.get(sess.id);
    if (isFree) list.add(onThread({ event: 'session_free', sess: sess.id }, thread));
  }
}

/**
 * Only what drops an idle mark: else the preference does nothing that anybody could see. Under two
 * rule sets not before the stream connects for which the session has asked: another one could be
 * preferred for on one side only, and a state has one name for both.
 */
function addAssigns(list: MoveList, { id }: Session): void {
  const { scene } = list;
  if (scene.budget.streams === 0) return;
  const isPending = scene.sides.some(({ world }) => world.sessions.get(id)?.preferred);
  if (isPending && scene.sides.length > 1) return;
  const thread = scene.threads.get(id);
  for (const be of scene.world.backends.values()) {
    const drops = scene.sides.some(({ world }) => {
      const sess = world.sessions.get(id);
      if (!sess || (!sess.preferLast && !be.preferLast)) return false;
      return sess.srvList.some(({ target, connList }) => {
        if (target.kind !== 'srv' || target.proxy.id !== be.id) return false;
        for (let node = connList.first; node; node = node.next) {
          if (node.conn.has(CO_FL_SESS_IDLE) && !node.conn.has(CO_FL_WAIT_XPRT)) return true;
        }
        return false;
      });
    });
    const strm = PREFERRED_NAMES[slotOf(id)] ?? '';
    if (drops) list.add(onThread({ event: 'assign_server', strm, sess: id, be: be.id }, thread));
  }
}

/** What a session can connect to: servers, and backends that have none. */
function isTarget(list: MoveList, target: Target): boolean {
  if (target.kind === 'srv') return true;
  return !list.scene.side.servers.some(({ proxy }) => proxy === target);
}

function addConnects(list: MoveList, sess: Session): void {
  const { scene } = list;
  const slot = slotOf(sess.id);
  const preferred = scene.sides.map(({ world }) => world.sessions.get(sess.id)?.preferred);
  const canRetry = scene.budget.retries > 0 && (scene.detached.get(sess.id) ?? 0) > 0;
  for (const target of scene.side.targets) {
    if (!isTarget(list, target)) continue;
    // The preference has chosen the server of its stream.
    if (preferred.some((each) => each?.target.id === target.id)) {
      addConnect(list, sess, target, PREFERRED_NAMES[slot] ?? '');
    }
    if (scene.budget.streams > 0) addConnect(list, sess, target, list.newStream());
    if (canRetry) addConnect(list, sess, target, RETRYING_NAMES[slot] ?? '');
  }
}

function addConnect(list: MoveList, sess: Session, target: Target, strm: string): void {
  const { scene, choices } = list;
  const connect: Connect = {
    event: 'connect_server',
    strm,
    sess: sess.id,
    target: target.id,
    conn: list.newConn(),
  };
  const base = onThread(connect, scene.threads.get(sess.id));
  for (const event of inputsOf(list, base, target)) {
    list.addFailing(event, CONNECT_ALLOCATIONS);
    if (scene.budget.failures === 0) continue;
    for (const error of choices.errors) {
      list.addFailing({ ...event, error }, CONNECT_ALLOCATIONS, 1);
    }
  }
}

/** The event with every choice of its inputs that can matter. */
function inputsOf(list: MoveList, base: Connect, target: Target): Connect[] {
  const { scene, choices } = list;
  let events = [base];
  const [fds = 0] = choices.usedFds;
  const isPooled = scene.sides.some(({ world }) => {
    const srv = world.servers.get(target.id);
    return srv !== undefined && srv.currIdleConns > 0 && srv.proxy.reuse !== REUSE_NEVR;
  });
  if (isPooled) events = events.flatMap((event) => [event, { ...event, not_first: true }]);
  if (target.kind === 'srv' && target.sni) {
    events = events.flatMap((event) => [event, { ...event, sni: false }]);
  }
  if (target.usesrc !== null && target.usesrc !== 'address') {
    events = events.flatMap((event) => [event, { ...event, src: false }]);
  }
  if (scene.sides.some(({ world }) => world.rules.connKey !== 'target')) {
    events = events.flatMap((event) => choices.params.map((params) => withParams(event, params)));
  }
  if (isPooled) events = events.flatMap((event) => withBusy(list, event));
  if (choices.usedFds.length === 1 && fds === 0) return events;
  return events.flatMap((event) =>
    choices.usedFds.flatMap((used) => withVictims(list, withFds(event, used))),
  );
}

/** The event with any of the other threads' locks held, where somebody looks at them. */
function withBusy({ scene, choices }: MoveList, event: Connect): Connect[] {
  const isAsked = scene.sides.some(({ world }) => world.rules.idleLocks === 'tried');
  if (!choices.busy || !isAsked) return [event];
  let events = [event];
  for (let thread = 0; thread < scene.world.nbthread; thread++) {
    if (thread === (event.thread ?? 0)) continue;
    events = events.flatMap((each) => [each, { ...each, busy: [...(each.busy ?? []), thread] }]);
  }
  return events;
}

/** The event with who has to go under pressure, in every order that nobody knows better. */
function withVictims(list: MoveList, event: Connect): Connect[] {
  const isPressed = (event.used_fds ?? 0) > list.scene.world.poolHighCount;
  if (!isPressed) return [event];
  const claims = victimsOf(list, event.target, event.thread ?? 0);
  // One of them goes, the first.
  const first = new Set(claims.flatMap(([victim]) => victim ?? []));
  return [event, ...[...first].map((victim) => ({ ...event, victims: [victim] }))];
}

/** The event of a request that asks for these; not said where there are none. */
function withParams<Event extends object>(event: Event, params: Params): Event {
  const isBare = typeof params !== 'string' && Object.keys(params).length === 0;
  return isBare ? event : { ...event, params };
}

/** A health check connects; its session does nothing else. */
function addChecks(list: MoveList, sess: Session): void {
  const { scene } = list;
  if (scene.budget.streams === 0) return;
  for (const target of scene.side.servers) {
    const event: EventOf<'tcpcheck_eval_connect'> = {
      event: 'tcpcheck_eval_connect',
      strm: list.newStream(),
      sess: sess.id,
      target: target.id,
      conn: list.newConn(),
    };
    const mux: MuxName = target.proto ?? (target.proxy.http ? 'h1' : 'pt');
    const isDelayed = target.alpn && target.proto === null && target.proxy.http;
    const check = onThread(isDelayed ? event : { ...event, mux }, scene.threads.get(sess.id));
    list.addFailing(check, CHECK_ALLOCATIONS);
    if (mayReuse(list)) {
      const reusing = { ...check, event: 'check_connect', reuse_pool: true } as const;
      for (const params of list.choices.params) {
        list.addFailing(withParams(reusing, params), CHECK_ALLOCATIONS);
      }
    }
  }
}

/** Whether a check can take a connection that is there. */
function mayReuse({ scene, choices }: MoveList): boolean {
  const isAsked = scene.sides.some(({ world }) => world.rules.checkReuse !== 'none');
  return choices.checkReuse && isAsked;
}
