import { ABORT_FUNCTIONS, CRASH_FUNCTIONS, freedIdOf } from '../../format/calls.ts';
import type { TraceEvent } from '../../format/index.ts';
import { acceptCall } from '../calls/accept.ts';
import type { NamedKind } from '../calls/call-names.ts';
import { explainCall } from '../calls/explain.ts';
import { suggest } from '../text/suggest.ts';
import { orList, type Path, quote } from '../text/wording.ts';
import type { Known } from './known.ts';

type Expect = NonNullable<TraceEvent['expect']>;

const CRASHES: ReadonlySet<string> = new Set(CRASH_FUNCTIONS);
const ABORTS: ReadonlySet<string> = new Set(ABORT_FUNCTIONS);

/** How a function is called in C. */
const FUNCTION = /^[A-Za-z_]\w*$/;

/** Tells what an expectation names that there is not, and which of its calls are none. */
export function checkExpectations(known: Known, expect: Expect): void {
  if (expect.calls !== undefined) checkCalls(known, expect.calls);
  if (expect.crash !== undefined) checkCrash(known, expect.crash);
  if (expect.abort !== undefined) checkAbort(known, expect.abort, expect.crash);
  const conns = known.connections.known;
  const sessions = known.sessions.known;
  const { servers } = known.declarations;
  for (const id in expect.conn) {
    if (!conns.has(id)) {
      known.unknown(known.connections, id, { path: ['expect', 'conn', id], on: 'key' });
    }
    const state = expect.conn[id];
    if (state === null || state === undefined) continue;
    const { owner, listed_in } = state;
    if (typeof owner === 'string' && !sessions.has(owner)) checkOwner(known, owner, id);
    if (typeof listed_in === 'string' && !sessions.has(listed_in)) {
      const path = ['expect', 'conn', id, 'listed_in'];
      known.unknown(known.sessions, listed_in, { path, on: 'value' });
    }
  }
  for (const id in expect.sess) {
    if (!sessions.has(id)) {
      known.unknown(known.sessions, id, { path: ['expect', 'sess', id], on: 'key' });
    }
    const list = expect.sess[id]?.srv_list;
    if (list !== undefined && list.length > 0) checkServerList(known, list, id);
  }
  for (const id in expect.srv) {
    known.declared(servers, id, ['expect', 'srv', id], 'key');
    const state = expect.srv[id];
    if (state?.idle !== undefined) checkListed(known, state.idle, id, 'idle');
    if (state?.safe !== undefined) checkListed(known, state.safe, id, 'safe');
    if (state?.available !== undefined) checkListed(known, state.available, id, 'available');
    if (state?.age !== undefined) checkListed(known, state.age, id, 'age');
  }
}

function checkCalls(known: Known, calls: readonly string[]): void {
  for (let index = 0; index < calls.length; index++) {
    const text = calls[index];
    if (text === undefined || acceptCall(text, known)) continue;
    const { at, ...issue } = explainCall(text, known);
    const spot = { path: ['expect', 'calls', index], on: 'value', at } as const;
    if ('what' in issue) known.add({ ...spot, ...issue });
    else tellUnknown(known, issue, spot);
  }
}

function checkCrash(known: Known, crash: string): void {
  if (CRASHES.has(crash)) return;
  const path = ['expect', 'crash'];
  const what = `the program cannot crash in ${quote(crash)}`;
  const name = calledIn(crash);
  const meant = CRASHES.has(name) ? name : suggest(name, CRASH_FUNCTIONS);
  const hint = meant === null ? '' : `did you mean ${quote(meant)}? `;
  const allowed = `${hint}it must be ${orList(CRASH_FUNCTIONS.map(quote))}`;
  known.add({ path, on: 'value', what, allowed });
}

/** The function that a text names, perhaps as a call with arguments or none. */
function calledIn(text: string): string {
  return /^\s*([^\s(]*)/.exec(text)?.[1] ?? '';
}

/**
 * An assertion can be in any function; one that is spelt much like one of those that are known is
 * that one. A step ends once.
 */
function checkAbort(known: Known, abort: string, crash: string | undefined): void {
  const path = ['expect', 'abort'];
  if (crash !== undefined) {
    const what = 'a step cannot both crash and abort';
    known.add({ path, on: 'key', what, allowed: 'leave "crash" or "abort" out' });
  }
  if (ABORTS.has(abort)) return;
  const name = calledIn(abort);
  const meant = ABORTS.has(name) ? name : suggest(name, ABORT_FUNCTIONS);
  if (meant === null && FUNCTION.test(abort)) return;
  const what = `no assertion of the model is in ${quote(abort)}`;
  const hint = meant === null ? '' : `did you mean ${quote(meant)}? `;
  const allowed = `${hint}it must be a function, such as ${orList(ABORT_FUNCTIONS.map(quote))}`;
  known.add({ path, on: 'value', what, allowed });
}

function tellUnknown(
  known: Known,
  { unknown, id }: { readonly unknown: NamedKind; readonly id: string },
  spot: { readonly path: Path; readonly on: 'value'; readonly at: number },
): void {
  const { servers } = known.declarations;
  if (unknown === 'srv') known.add(servers.undeclared(id, spot));
  else if (unknown === 'target') known.add(known.declarations.targets(id).undeclared(id, spot));
  else known.unknown(unknown === 'sess' ? known.sessions : known.connections, id, spot);
}

function checkServerList(
  known: Known,
  list: readonly (readonly [string, readonly string[]])[],
  sess: string,
): void {
  list.forEach(([target, conns], index) => {
    const path = ['expect', 'sess', sess, 'srv_list', index];
    known.declared(known.declarations.targets(target), target, [...path, 0]);
    checkConns(known, conns, [...path, 1]);
  });
}

/** An owner that is no session known: one already freed, or an error. */
function checkOwner(known: Known, owner: string, conn: string): void {
  const gone = freedIdOf(owner);
  if (gone !== null && known.sessions.known.has(gone)) return;
  known.unknown(known.sessions, gone ?? owner, {
    path: ['expect', 'conn', conn, 'owner'],
    on: 'value',
  });
}

function checkListed(known: Known, conns: readonly string[], srv: string, list: string): void {
  // Without the path as long as nothing is wrong: this runs for every list that an event states.
  if (!conns.every((conn) => known.connections.known.has(conn))) {
    checkConns(known, conns, ['expect', 'srv', srv, list]);
  }
}

function checkConns(known: Known, conns: readonly string[], path: Path): void {
  for (let index = 0; index < conns.length; index++) {
    const conn = conns[index];
    if (conn === undefined || known.connections.known.has(conn)) continue;
    known.unknown(known.connections, conn, { path: [...path, index], on: 'value' });
  }
}
