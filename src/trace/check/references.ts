import type { EventOf, Header, TraceEvent } from '../../format/index.ts';
import { suggest } from '../text/suggest.ts';
import { type Issue, type Path, quote } from '../text/wording.ts';
import { Declarations, type Names } from './declarations.ts';
import { MAX_ISSUES } from './explain.ts';
import { IdSet } from './id-set.ts';

/** More ids than this are not searched for the one that was meant. */
const MAX_CANDIDATES = 256;

/** Longest id and longest line that `assume` looks at, to bound its work. */
const MAX_ASSUMED_LINE = 65536;
const ID_IN_TEXT = /"(sess|strm|conn)"\s*:\s*("(?:[^"\\]|\\.){1,200}")/g;

type Expect = NonNullable<TraceEvent['expect']>;

const FREED = '!freed';
const NO_ISSUES: readonly Issue[] = [];

/** Ids of one kind that the trace has introduced so far. */
class Introduced {
  /** Ids that a later event may use. */
  readonly known = new IdSet();
  /** Those of them that certainly came to exist: introducing one again is an error. */
  readonly certain = new IdSet();
  readonly noun: string;
  readonly hint: string;

  constructor(noun: string, hint: string) {
    this.noun = noun;
    this.hint = hint;
  }
}

/**
 * The rules that reach over lines: ids are introduced before they are used, and once; names are
 * declared in the header; time does not run backwards. Every unknown id or name is told once.
 */
export class References {
  readonly #sessions = new Introduced('session', 'session_new introduces a session');
  readonly #connections = new Introduced(
    'connection',
    'connect_server and tcpcheck_eval_connect introduce a connection',
  );
  readonly #streams = new Introduced(
    'stream',
    'assign_server, connect_server and tcpcheck_eval_connect introduce a stream',
  );
  readonly #declarations: Declarations;
  /** Connections that may have the ERROR flag: the creation of their mux may fail. */
  readonly #errored = new IdSet();
  /** How often a stream connected without `conn`, once that is more than once. */
  readonly #unnamedConnects = new Map<string, number>();
  #at = 0;
  #issues: Issue[] = [];

  /** The header as validated, or null when there is none that could be relied on. */
  constructor(header: Header | null) {
    this.#declarations = new Declarations(header);
  }

  /** What is wrong with an event at this place of the trace. Call it for every valid event in order. */
  check(event: TraceEvent): readonly Issue[] {
    this.#issues = [];
    if (event.at !== undefined) this.#time(event.at);
    if (event.thread !== undefined) this.#thread(event.thread);
    this.#inputs(event);
    if (event.expect !== undefined) this.#expectations(event.expect);
    return this.#issues.length === 0 ? NO_ISSUES : this.#issues;
  }

  /** Takes the ids that can be seen in a line that is no event, lest every later use of them is told. */
  assume(text: string): void {
    for (const match of text.slice(0, MAX_ASSUMED_LINE).matchAll(ID_IN_TEXT)) {
      const id = parseString(match[2] ?? '');
      if (id === null) continue;
      if (match[1] === 'sess') this.#sessions.known.add(id);
      else if (match[1] === 'conn') this.#connections.known.add(id);
      else {
        this.#streams.known.add(id);
        this.#connections.known.add(`${id}.conn`);
      }
    }
  }

  #inputs(event: TraceEvent): void {
    switch (event.event) {
      case 'session_new':
        this.#declared(this.#declarations.frontends, event.fe, 'fe');
        this.#introduce(this.#sessions, event.sess, 'sess');
        return;
      case 'assign_server':
        this.#assignServer(event);
        return;
      case 'connect_server':
        this.#connectServer(event);
        return;
      case 'tcpcheck_eval_connect':
        this.#checkConnect(event);
        return;
      case 'conn_create_mux':
        this.#use(this.#connections, event.conn, 'conn');
        if (event.mux === undefined) this.#withoutMux(event);
        return;
      case 'conn_update':
        this.#use(this.#connections, event.conn, 'conn');
        if (event.set?.includes('ERROR') === true) this.#errored.add(event.conn);
        return;
      case 'mux_release':
        this.#use(this.#connections, event.conn, 'conn');
        return;
      case 'http_wait_for_response':
      case 'detach':
      case 'stream_destroy':
        this.#use(this.#streams, event.strm, 'strm');
        return;
      case 'srv_cleanup_idle_connections':
      case 'srv_cleanup_connections':
        this.#declared(this.#declarations.servers, event.srv, 'srv');
        return;
      case 'session_free':
        this.#use(this.#sessions, event.sess, 'sess');
        return;
      case 'srv_cleanup_toremove_connections':
        return;
      default:
        event satisfies never;
    }
  }

  #assignServer(event: EventOf<'assign_server'>): void {
    const { servers, backends } = this.#declarations;
    this.#use(this.#sessions, event.sess, 'sess');
    this.#declared(backends, event.be, 'be');
    this.#streams.known.add(event.strm);
    event.unusable?.forEach((srv, index) => {
      if (!servers.has(srv)) this.#add(servers.undeclared(srv, ['unusable', index]));
    });
    const target = event.expect?.target;
    if (typeof target === 'string' && !servers.has(target)) {
      this.#add(servers.undeclared(target, ['expect', 'target']));
    }
  }

  #connectServer(event: EventOf<'connect_server'>): void {
    const { conn, expect } = event;
    this.#use(this.#sessions, event.sess, 'sess');
    this.#declared(this.#declarations.targets(event.target), event.target, 'target');
    this.#streams.known.add(event.strm);
    if (event.error === 'connect') this.#errored.add(conn ?? `${event.strm}.conn`);
    if (conn === undefined) this.#nameConnection(event.strm);
    else if (expect?.reused === true) this.#use(this.#connections, conn, 'conn');
    else {
      // Without `ret`, an injected failure leaves open whether a connection results.
      const unhindered = event.fail === undefined && event.error === undefined;
      const connects = expect?.ret === 'NONE' || (expect?.ret === undefined && unhindered);
      if (connects && expect?.reused === false) {
        this.#introduce(this.#connections, conn, 'conn', lives(expect, conn));
      } else {
        this.#connections.known.add(conn);
        if (connects && lives(expect, conn)) this.#connections.certain.add(conn);
      }
    }
  }

  #checkConnect(event: EventOf<'tcpcheck_eval_connect'>): void {
    const { conn, expect } = event;
    this.#use(this.#sessions, event.sess, 'sess');
    this.#declared(this.#declarations.targets(event.target), event.target, 'target');
    this.#streams.known.add(event.strm);
    if (conn === undefined) this.#nameConnection(event.strm);
    else if (event.fail !== undefined) this.#connections.known.add(conn);
    else this.#introduce(this.#connections, conn, 'conn', lives(expect, conn));
  }

  /** A new connection without `conn` gets a name from its stream. */
  #nameConnection(strm: string): void {
    if (this.#connections.known.add(`${strm}.conn`)) return;
    const count = (this.#unnamedConnects.get(strm) ?? 1) + 1;
    this.#unnamedConnects.set(strm, count);
    this.#connections.known.add(`${strm}.conn.${count}`);
  }

  #withoutMux(event: EventOf<'conn_create_mux'>): void {
    if (event.error === true || event.fail?.includes('mux') === true) return;
    const { conn, expect } = event;
    if (expect?.ret === -1) return;
    if (this.#errored.has(conn) || this.#errored.has(conn.replace(/\.\d+$/, ''))) return;
    const allowed = 'it is required, unless the creation fails: "h1", "h2", "fcgi" or "pt"';
    this.#add({
      path: [],
      on: 'value',
      what: 'conn_create_mux lacks "mux"',
      allowed,
    });
  }

  #expectations(expect: Expect): void {
    const conns = this.#connections.known;
    const sessions = this.#sessions.known;
    const { servers } = this.#declarations;
    for (const id in expect.conn) {
      if (!conns.has(id)) this.#unknown(this.#connections, id, ['expect', 'conn', id], 'key');
      const state = expect.conn[id];
      if (state === null || state === undefined) continue;
      const { owner, listed_in } = state;
      if (typeof owner === 'string' && !sessions.has(owner)) this.#owner(owner, id);
      if (typeof listed_in === 'string' && !sessions.has(listed_in)) {
        this.#unknown(this.#sessions, listed_in, ['expect', 'conn', id, 'listed_in']);
      }
    }
    for (const id in expect.sess) {
      if (!sessions.has(id)) this.#unknown(this.#sessions, id, ['expect', 'sess', id], 'key');
      const list = expect.sess[id]?.srv_list;
      if (list !== undefined && list.length > 0) this.#serverList(list, id);
    }
    for (const id in expect.srv) {
      if (!servers.has(id)) this.#add(servers.undeclared(id, ['expect', 'srv', id], 'key'));
      const state = expect.srv[id];
      if (state?.idle !== undefined) this.#listed(state.idle, id, 'idle');
      if (state?.safe !== undefined) this.#listed(state.safe, id, 'safe');
      if (state?.available !== undefined) this.#listed(state.available, id, 'available');
    }
  }

  #serverList(list: readonly (readonly [string, readonly string[]])[], sess: string): void {
    list.forEach(([target, conns], index) => {
      const path = ['expect', 'sess', sess, 'srv_list', index];
      const targets = this.#declarations.targets(target);
      if (!targets.has(target)) this.#add(targets.undeclared(target, [...path, 0]));
      conns.forEach((conn, at) => {
        if (!this.#connections.known.has(conn)) {
          this.#unknown(this.#connections, conn, [...path, 1, at]);
        }
      });
    });
  }

  /** An owner that is no session known: one already freed, or an error. */
  #owner(owner: string, conn: string): void {
    const freed = owner.endsWith(FREED);
    const id = freed ? owner.slice(0, -FREED.length) : owner;
    if (freed && this.#sessions.known.has(id)) return;
    this.#unknown(this.#sessions, id, ['expect', 'conn', conn, 'owner']);
  }

  #listed(conns: readonly string[], srv: string, list: string): void {
    for (let index = 0; index < conns.length; index++) {
      const conn = conns[index];
      if (conn === undefined || this.#connections.known.has(conn)) continue;
      this.#unknown(this.#connections, conn, ['expect', 'srv', srv, list, index]);
    }
  }

  #time(at: number): void {
    if (at < this.#at) {
      const what = `at is ${at}, but an earlier event has ${this.#at}`;
      this.#add({
        path: ['at'],
        on: 'value',
        what,
        allowed: 'time does not decrease',
      });
    }
    this.#at = at;
  }

  #thread(thread: number): void {
    const { threads } = this.#declarations;
    if (thread < threads) return;
    const range = threads === 1 ? '0' : `from 0 to ${threads - 1}`;
    const allowed = `config.nbthread is ${threads}: it must be ${range}`;
    this.#add({ path: ['thread'], on: 'value', what: `thread is ${thread}`, allowed });
  }

  #declared(names: Names, name: string, key: string): void {
    if (!names.has(name)) this.#add(names.undeclared(name, [key]));
  }

  #use(ids: Introduced, id: string, key: string): void {
    if (!ids.known.has(id)) this.#unknown(ids, id, [key]);
  }

  #introduce(ids: Introduced, id: string, key: string, certain = true): void {
    if (ids.certain.has(id)) {
      const what = `the ${ids.noun} ${quote(id)} was introduced before`;
      this.#add({
        path: [key],
        on: 'value',
        what,
        allowed: 'a new one needs an id of its own',
      });
    }
    ids.known.add(id);
    if (certain) ids.certain.add(id);
  }

  #unknown(ids: Introduced, id: string, path: Path, on: Issue['on'] = 'value'): void {
    const meant = ids.known.size <= MAX_CANDIDATES ? suggest(id, ids.known) : null;
    const what = `no event so far introduces the ${ids.noun} ${quote(id)}`;
    const allowed = meant === null ? ids.hint : `did you mean ${quote(meant)}?`;
    this.#add({ path, on, what, allowed });
    ids.known.add(id);
  }

  #add(issue: Issue): void {
    if (this.#issues.length < MAX_ISSUES) this.#issues.push(issue);
  }
}

/** Whether the expectations leave it open that a connection is alive after the event. */
function lives(expect: Expect | undefined, conn: string): boolean {
  return expect?.conn?.[conn] !== null && expect?.crash === undefined;
}

function parseString(token: string): string | null {
  try {
    return JSON.parse(token);
  } catch {
    return null;
  }
}
