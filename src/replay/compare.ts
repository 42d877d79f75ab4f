import type { Connection } from '../engine/connection-t.ts';
import {
  callText,
  isSameList,
  listedIn,
  listIds,
  ownershipBits,
  ownershipFlags,
  ownerText,
  sessionList,
  viewConn,
  viewSess,
} from '../engine/observe.ts';
import type { Server } from '../engine/server-t.ts';
import type { Session } from '../engine/session-t.ts';
import type { Outcome } from '../engine/step.ts';
import type { World } from '../engine/world.ts';
import type { ConnState, Expect, SessState, SrvState, TraceEvent } from '../format/index.ts';
import type { Subject, Value } from './result.ts';

/** One field that is not as expected. */
export interface Difference {
  readonly subject: Subject;
  /** Dotted place below `expect`, e.g. `conn.c1.owner`. */
  readonly field: string;
  readonly expected: Value;
  readonly actual: Value;
}

const EVENT: Subject = { kind: 'event', id: '' };
const NO_KEYS: readonly string[] = [];

/** Keys of a record that may be absent; ids such as `__proto__` are keys like any other. */
function keys(record: object | undefined): readonly string[] {
  return record === undefined ? NO_KEYS : Object.keys(record);
}

/**
 * What an event claims and expects, held against what the rules gave. The usual case, agreement,
 * allocates next to nothing.
 */
export function compare(w: World, event: TraceEvent, outcome: Outcome): Difference[] {
  const differences: Difference[] = [];
  const differ = (subject: Subject, field: string, expected: Value, actual: Value) => {
    differences.push({ subject, field, expected, actual });
  };
  const expect = event.expect as Expect | undefined;
  if (expect !== undefined) compareCrash(expect, outcome, differ);
  if (outcome.kind === 'done') compareReturned(event, expect, outcome.returned, differ);
  if (expect === undefined) return differences;
  if (expect.calls !== undefined) compareCalls(w, expect.calls, differ);
  for (const id of keys(expect.conn)) compareConn(w, id, expect.conn?.[id] ?? null, differ);
  for (const id of keys(expect.sess)) compareSess(w, id, expect.sess?.[id] ?? null, differ);
  for (const id of keys(expect.srv)) compareSrv(w, id, expect.srv?.[id] ?? {}, differ);
  return differences;
}

type Differ = (subject: Subject, field: string, expected: Value, actual: Value) => void;

/** An expectation that names no crash expects that the modelled program goes on. */
function compareCrash(expect: Expect, outcome: Outcome, differ: Differ): void {
  const expected = expect.crash ?? null;
  const actual = outcome.kind === 'crash' ? outcome.fn : null;
  if (expected !== actual) differ(EVENT, 'crash', expected, actual);
}

function compareReturned(
  event: TraceEvent,
  expect: Expect | undefined,
  returned: Extract<Outcome, { kind: 'done' }>['returned'],
  differ: Differ,
): void {
  if (expect?.ret !== undefined && expect.ret !== returned.ret) {
    differ(EVENT, 'ret', expect.ret, returned.ret ?? null);
  }
  if (expect?.reused !== undefined && expect.reused !== returned.reused) {
    differ(EVENT, 'reused', expect.reused, returned.reused ?? null);
  }
  if (expect?.target !== undefined && expect.target !== (returned.target?.id ?? null)) {
    differ(EVENT, 'target', expect.target, returned.target?.id ?? null);
  }
  if (event.event === 'connect_server' && event.conn !== undefined) {
    const { conn } = returned;
    // The claim is void when no connection results.
    const results = conn && (returned.reused || !conn.freed);
    if (results && conn.id !== event.conn) differ(EVENT, 'conn', event.conn, conn.id);
  }
}

function compareCalls(w: World, expected: readonly string[], differ: Differ): void {
  const { calls } = w.log;
  if (
    expected.length === calls.length &&
    calls.every((call, at) => callText(call) === expected[at])
  ) {
    return;
  }
  differ(EVENT, 'calls', expected, calls.map(callText));
}

function compareConn(w: World, id: string, expected: ConnState | null, differ: Differ): void {
  const conn = w.connections.get(id);
  const subject: Subject = { kind: 'conn', id };
  if (!conn || expected === null) {
    if (conn) differ(subject, `conn.${id}`, null, { ...viewConn(conn) });
    else if (expected !== null) differ(subject, `conn.${id}`, { ...expected } as Value, null);
    return;
  }
  for (const key of Object.keys(expected) as (keyof ConnState)[]) {
    if (connAgrees(conn, key, expected)) continue;
    differ(subject, `conn.${id}.${key}`, (expected[key] ?? null) as Value, connValue(conn, key));
  }
}

function connAgrees(conn: Connection, key: keyof ConnState, expected: ConnState): boolean {
  switch (key) {
    case 'flags':
      return ownershipBits(expected.flags ?? []) === ownershipBits(conn);
    default:
      return connValue(conn, key) === (expected[key] ?? null);
  }
}

/** One field of a connection, as `expect` spells it. */
function connValue(conn: Connection, key: keyof ConnState): Value {
  switch (key) {
    case 'owner':
      return ownerText(conn.owner);
    case 'flags':
      return ownershipFlags(conn);
    case 'listed_in':
      return listedIn(conn);
    case 'list':
      return conn.list.list?.name ?? null;
    case 'mux':
      return conn.ctx?.mux.name ?? null;
    case 'used_streams':
      return conn.ctx?.usedStreams() ?? null;
    case 'avail_streams':
      return conn.ctx?.availStreams() ?? null;
  }
}

function compareSess(w: World, id: string, expected: SessState | null, differ: Differ): void {
  const sess = w.sessions.get(id);
  const subject: Subject = { kind: 'sess', id };
  if (!sess || expected === null) {
    if (sess) differ(subject, `sess.${id}`, null, { ...viewSess(sess) });
    else if (expected !== null) differ(subject, `sess.${id}`, { ...expected } as Value, null);
    return;
  }
  if (expected.idle_conns !== undefined && expected.idle_conns !== sess.idleConns) {
    differ(subject, `sess.${id}.idle_conns`, expected.idle_conns, sess.idleConns);
  }
  if (expected.prefer_last !== undefined && expected.prefer_last !== sess.preferLast) {
    differ(subject, `sess.${id}.prefer_last`, expected.prefer_last, sess.preferLast);
  }
  if (expected.srv_list !== undefined && !sameSessionList(sess, expected.srv_list)) {
    differ(subject, `sess.${id}.srv_list`, expected.srv_list, sessionList(sess));
  }
}

function sameSessionList(sess: Session, expected: NonNullable<SessState['srv_list']>): boolean {
  if (sess.srvList.length !== expected.length) return false;
  for (let at = 0; at < expected.length; at++) {
    const entry = sess.srvList[at];
    const wanted = expected[at];
    if (!entry || !wanted || entry.target.id !== wanted[0]) return false;
    if (!isSameList(entry.connList, wanted[1])) return false;
  }
  return true;
}

/** Counters of a server, by their name in a trace. */
const COUNTERS = {
  curr_idle_conns: 'currIdleConns',
  curr_idle_nb: 'currIdleNb',
  curr_safe_nb: 'currSafeNb',
  curr_used_conns: 'currUsedConns',
  max_used_conns: 'maxUsedConns',
  est_need_conns: 'estNeedConns',
} as const;

/** Lists of a server, by their name in a trace. */
const LISTS = { idle: 'idleConns', safe: 'safeConns', available: 'availableConns' } as const;

function compareSrv(w: World, id: string, expected: SrvState, differ: Differ): void {
  const srv = w.servers.get(id);
  const subject: Subject = { kind: 'srv', id };
  if (!srv) {
    differ(subject, `srv.${id}`, { ...expected } as Value, null);
    return;
  }
  for (const key of Object.keys(expected) as (keyof SrvState)[]) {
    if (key === 'idle' || key === 'safe' || key === 'available') {
      const wanted = expected[key] ?? [];
      if (!sameServerList(srv, key, wanted)) {
        differ(subject, `srv.${id}.${key}`, wanted, listIds(srv[LISTS[key]]));
      }
    } else if (expected[key] !== srv[COUNTERS[key]]) {
      differ(subject, `srv.${id}.${key}`, expected[key] ?? null, srv[COUNTERS[key]]);
    }
  }
}

function sameServerList(srv: Server, key: keyof typeof LISTS, wanted: readonly string[]): boolean {
  const lists = srv[LISTS[key]];
  if (!lists) return wanted.length === 0;
  let at = 0;
  for (const list of lists) {
    for (let node = list.first; node; node = node.next) {
      if (node.conn.id !== wanted[at++]) return false;
    }
  }
  return at === wanted.length;
}
