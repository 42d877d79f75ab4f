import type { Connection } from '../engine/objects/connection-t.ts';
import type { ConnList } from '../engine/objects/list.ts';
import type { Server } from '../engine/objects/server-t.ts';
import type { Session } from '../engine/objects/session-t.ts';
import type { World } from '../engine/objects/world.ts';
import type { Outcome } from '../engine/step/step.ts';
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
} from '../engine/view/observe.ts';
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
const NOTHING: Value = null;

/**
 * What an event claims and expects, held against what the rules gave. Every key has its own
 * line, since this runs for every event: agreement, the usual case, allocates next to nothing.
 */
export function compare(w: World, event: TraceEvent, outcome: Outcome): Difference[] {
  const found: Difference[] = [];
  const expect = event.expect as Expect | undefined;
  if (outcome.kind === 'done') compareReturned(event, expect, outcome.returned, found);
  if (expect === undefined) return found;
  // An expectation that names no crash expects that the modelled program goes on.
  const crash = outcome.kind === 'crash' ? outcome.fn : null;
  check(found, EVENT, 'crash', expect.crash ?? null, crash);
  if (expect.calls !== undefined) compareCalls(w, expect.calls, found);
  // for…in, as JSON has own keys only: it allocates nothing, other than Object.keys().
  for (const id in expect.conn) compareConn(w, id, expect.conn[id] ?? null, found);
  for (const id in expect.sess) compareSess(w, id, expect.sess[id] ?? null, found);
  for (const id in expect.srv) compareSrv(w, id, expect.srv[id] ?? {}, found);
  return found;
}

/** Where a field stands below `expect`. */
function place({ kind, id }: Subject, key: string): string {
  if (kind === 'event') return key;
  return key === '' ? `${kind}.${id}` : `${kind}.${id}.${key}`;
}

/** Notes a difference of one plain value; what is not expected is not checked. */
function check(
  found: Difference[],
  subject: Subject,
  key: string,
  expected: null | boolean | number | string | undefined,
  actual: null | boolean | number | string | undefined,
): void {
  if (expected === undefined || expected === actual) return;
  differ(found, subject, key, expected, actual ?? null);
}

function differ(
  found: Difference[],
  subject: Subject,
  key: string,
  expected: Value,
  actual: Value,
): void {
  found.push({ subject, field: place(subject, key), expected, actual });
}

function compareReturned(
  event: TraceEvent,
  expect: Expect | undefined,
  returned: Extract<Outcome, { kind: 'done' }>['returned'],
  found: Difference[],
): void {
  if (expect !== undefined) {
    check(found, EVENT, 'ret', expect.ret, returned.ret);
    check(found, EVENT, 'reused', expect.reused, returned.reused);
    check(found, EVENT, 'target', expect.target, returned.target?.id ?? null);
  }
  const claimed = 'conn' in event && 'strm' in event ? event.conn : undefined;
  if (claimed !== undefined) {
    const { conn } = returned;
    // The claim is void when no connection results.
    const results = conn && (returned.reused || !conn.freed);
    if (results) check(found, EVENT, 'conn', claimed, conn.id);
  }
}

function compareCalls(w: World, expected: readonly string[], found: Difference[]): void {
  const { calls } = w.log;
  let same = expected.length === calls.length;
  for (let at = 0; same && at < calls.length; at++) {
    const call = calls[at];
    same = call !== undefined && callText(call) === expected[at];
  }
  if (!same) differ(found, EVENT, 'calls', expected, calls.map(callText));
}

function compareConn(w: World, id: string, expected: ConnState | null, found: Difference[]): void {
  const conn = w.connections.get(id);
  if (!conn && expected === null) return;
  const subject: Subject = { kind: 'conn', id };
  if (!conn || expected === null) {
    const actual = conn ? { ...viewConn(conn) } : NOTHING;
    differ(found, subject, '', expected as Value, actual);
    return;
  }
  check(found, subject, 'owner', expected.owner, ownerText(conn.owner));
  if (expected.flags !== undefined && ownershipBits(expected.flags) !== ownershipBits(conn)) {
    differ(found, subject, 'flags', expected.flags, ownershipFlags(conn));
  }
  check(found, subject, 'listed_in', expected.listed_in, listedIn(conn));
  check(found, subject, 'list', expected.list, conn.list.list?.name ?? null);
  compareMux(conn, subject, expected, found);
}

function compareMux(
  { ctx }: Connection,
  subject: Subject,
  expected: ConnState,
  found: Difference[],
): void {
  check(found, subject, 'mux', expected.mux, ctx?.mux.name ?? null);
  if (expected.used_streams !== undefined) {
    check(found, subject, 'used_streams', expected.used_streams, ctx?.usedStreams() ?? null);
  }
  if (expected.avail_streams !== undefined) {
    check(found, subject, 'avail_streams', expected.avail_streams, ctx?.availStreams() ?? null);
  }
}

function compareSess(w: World, id: string, expected: SessState | null, found: Difference[]): void {
  const sess = w.sessions.get(id);
  if (!sess && expected === null) return;
  const subject: Subject = { kind: 'sess', id };
  if (!sess || expected === null) {
    const actual = sess ? { ...viewSess(sess) } : NOTHING;
    differ(found, subject, '', expected as Value, actual);
    return;
  }
  check(found, subject, 'idle_conns', expected.idle_conns, sess.idleConns);
  check(found, subject, 'prefer_last', expected.prefer_last, sess.preferLast);
  if (expected.srv_list !== undefined && !isSameSessionList(sess, expected.srv_list)) {
    differ(found, subject, 'srv_list', expected.srv_list, sessionList(sess));
  }
}

function isSameSessionList(sess: Session, expected: NonNullable<SessState['srv_list']>): boolean {
  if (sess.srvList.length !== expected.length) return false;
  for (let at = 0; at < expected.length; at++) {
    const entry = sess.srvList[at];
    const wanted = expected[at];
    if (!entry || !wanted || entry.target.id !== wanted[0]) return false;
    if (!isSameList(entry.connList, wanted[1])) return false;
  }
  return true;
}

function compareSrv(w: World, id: string, expected: SrvState, found: Difference[]): void {
  const srv = w.servers.get(id);
  const subject: Subject = { kind: 'srv', id };
  if (!srv) {
    differ(found, subject, '', expected as Value, null);
    return;
  }
  compareLists(found, subject, 'idle', expected.idle, srv.idleConns);
  compareLists(found, subject, 'safe', expected.safe, srv.safeConns);
  compareLists(found, subject, 'available', expected.available, srv.availableConns);
  compareCounters(srv, subject, expected, found);
}

function compareCounters(
  srv: Server,
  subject: Subject,
  expected: SrvState,
  found: Difference[],
): void {
  check(found, subject, 'curr_idle_conns', expected.curr_idle_conns, srv.currIdleConns);
  check(found, subject, 'curr_idle_nb', expected.curr_idle_nb, srv.currIdleNb);
  check(found, subject, 'curr_safe_nb', expected.curr_safe_nb, srv.currSafeNb);
  check(found, subject, 'curr_used_conns', expected.curr_used_conns, srv.currUsedConns);
  check(found, subject, 'max_used_conns', expected.max_used_conns, srv.maxUsedConns);
  check(found, subject, 'est_need_conns', expected.est_need_conns, srv.estNeedConns);
}

/** The lists of all threads, one after the other. */
function compareLists(
  found: Difference[],
  subject: Subject,
  key: string,
  expected: readonly string[] | undefined,
  lists: readonly ConnList[] | null,
): void {
  if (expected === undefined) return;
  let at = 0;
  let same = true;
  for (const list of lists ?? []) {
    for (let node = list.first; node; node = node.next) {
      if (node.conn.id !== expected[at++]) same = false;
    }
  }
  if (!same || at !== expected.length) differ(found, subject, key, expected, listIds(lists));
}
