import { connOf } from '../../format/conn-name.ts';
import type { EventOf, Header, TraceEvent } from '../../format/index.ts';
import { type Issue, quote } from '../text/wording.ts';
import { checkExpectations } from './expectations.ts';
import { IdSet } from './id-set.ts';
import { type Introduced, Known } from './known.ts';

/** How much of a line `assume` takes ids from, to bound its work; and how long these may be. */
const MAX_ASSUMED_LINE = 65536;
const ID_IN_TEXT = /"(sess|strm|conn)"\s*:\s*("(?:[^"\\]|\\.){1,200}")/g;

/**
 * The rules that reach over lines: ids are introduced before they are used, and once; names are
 * declared in the header; time does not run backwards. Every unknown id or name is told once.
 */
export class References {
  readonly #known: Known;
  /** Connections that may have the ERROR flag: the creation of their mux may fail. */
  readonly #errored = new IdSet();
  /** How often a stream connected without `conn`, once that is more than once. */
  readonly #unnamedConnects = new Map<string, number>();
  /** Threads that there are not, and that were told. */
  readonly #toldThreads = new Set<number>();
  #at = 0;

  /** The header as validated, or null when there is none that could be relied on. */
  constructor(header: Header | null) {
    this.#known = new Known(header);
  }

  /** What is wrong with an event at this place of the trace. Call it for every valid event in order. */
  check(event: TraceEvent): readonly Issue[] {
    if (event.at !== undefined) this.#time(event.at);
    if (event.thread !== undefined) this.#thread(event.thread);
    this.#inputs(event);
    if (event.expect !== undefined) checkExpectations(this.#known, event.expect);
    return this.#known.take();
  }

  /** Takes the ids that can be seen in a line that is no event, lest every later use of them is told. */
  assume(text: string): void {
    this.#known.unread.add(text);
    for (const match of text.slice(0, MAX_ASSUMED_LINE).matchAll(ID_IN_TEXT)) {
      const id = parseString(match[2] ?? '');
      if (id === null) continue;
      if (match[1] === 'sess') this.#known.sessions.known.add(id);
      else if (match[1] === 'conn') this.#known.connections.known.add(id);
      else {
        this.#known.streams.known.add(id);
        this.#known.connections.known.add(connOf(id));
      }
    }
  }

  #inputs(event: TraceEvent): void {
    switch (event.event) {
      case 'session_new':
        this.#known.declared(this.#known.declarations.frontends, event.fe, ['fe']);
        this.#introduce(this.#known.sessions, event.sess, 'sess');
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
        this.#known.use(this.#known.connections, event.conn, 'conn');
        if (event.mux === undefined) this.#withoutMux(event);
        return;
      case 'conn_update':
        this.#known.use(this.#known.connections, event.conn, 'conn');
        if (event.set?.includes('ERROR') === true) this.#errored.add(event.conn);
        return;
      case 'mux_release':
        this.#known.use(this.#known.connections, event.conn, 'conn');
        return;
      case 'http_wait_for_response':
      case 'detach':
      case 'stream_destroy':
        this.#known.use(this.#known.streams, event.strm, 'strm');
        return;
      case 'srv_cleanup_idle_connections':
      case 'srv_cleanup_connections':
      case 'del_server':
        this.#known.declared(this.#known.declarations.servers, event.srv, ['srv']);
        return;
      case 'session_free':
        this.#known.use(this.#known.sessions, event.sess, 'sess');
        return;
      case 'srv_cleanup_toremove_connections':
        return;
      default:
        event satisfies never;
    }
  }

  #assignServer(event: EventOf<'assign_server'>): void {
    const { servers, backends } = this.#known.declarations;
    this.#known.use(this.#known.sessions, event.sess, 'sess');
    this.#known.declared(backends, event.be, ['be']);
    this.#known.streams.known.add(event.strm);
    event.unusable?.forEach((srv, index) => {
      this.#known.declared(servers, srv, ['unusable', index]);
    });
    const target = event.expect?.target;
    if (typeof target === 'string') this.#known.declared(servers, target, ['expect', 'target']);
  }

  #connectServer(event: EventOf<'connect_server'>): void {
    const { conn, expect } = event;
    this.#known.use(this.#known.sessions, event.sess, 'sess');
    this.#known.declared(this.#known.declarations.targets(event.target), event.target, ['target']);
    this.#known.streams.known.add(event.strm);
    if (event.error === 'connect') this.#errored.add(conn ?? connOf(event.strm));
    if (conn === undefined) this.#nameConnection(event.strm);
    else if (expect?.reused === true) this.#known.use(this.#known.connections, conn, 'conn');
    else {
      // Without `ret`, an injected failure leaves open whether a connection results.
      const unhindered = event.fail === undefined && event.error === undefined;
      const connects = expect?.ret === 'NONE' || (expect?.ret === undefined && unhindered);
      if (connects && expect?.reused === false) {
        this.#introduce(this.#known.connections, conn, 'conn', lives(expect, conn));
      } else {
        this.#known.connections.known.add(conn);
        if (connects && lives(expect, conn)) this.#known.connections.certain.add(conn);
      }
    }
  }

  #checkConnect(event: EventOf<'tcpcheck_eval_connect'>): void {
    const { conn, expect } = event;
    this.#known.use(this.#known.sessions, event.sess, 'sess');
    this.#known.declared(this.#known.declarations.targets(event.target), event.target, ['target']);
    this.#known.streams.known.add(event.strm);
    if (conn === undefined) this.#nameConnection(event.strm);
    else if (event.fail !== undefined) this.#known.connections.known.add(conn);
    else this.#introduce(this.#known.connections, conn, 'conn', lives(expect, conn));
  }

  /** A new connection without `conn` gets a name from its stream. */
  #nameConnection(strm: string): void {
    if (this.#known.connections.known.add(connOf(strm))) return;
    const count = (this.#unnamedConnects.get(strm) ?? 1) + 1;
    this.#unnamedConnects.set(strm, count);
    this.#known.connections.known.add(connOf(strm, count));
  }

  #withoutMux(event: EventOf<'conn_create_mux'>): void {
    if (event.error === true || event.fail?.includes('mux') === true) return;
    const { conn, expect } = event;
    if (expect?.ret === -1) return;
    if (this.#known.unread.mentions(conn)) return;
    if (this.#errored.has(conn) || this.#errored.has(conn.replace(/\.\d+$/, ''))) return;
    const allowed = 'it is required, unless the creation fails: "h1", "h2", "fcgi" or "pt"';
    this.#known.add({
      path: [],
      on: 'value',
      what: 'conn_create_mux lacks "mux"',
      allowed,
    });
  }

  #time(at: number): void {
    if (at < this.#at) {
      const what = `at is ${at}, but an earlier event has ${this.#at}`;
      this.#known.add({
        path: ['at'],
        on: 'value',
        what,
        allowed: 'time does not decrease',
      });
    }
    this.#at = at;
  }

  #thread(thread: number): void {
    const { threads } = this.#known.declarations;
    if (thread < threads || this.#toldThreads.has(thread)) return;
    this.#toldThreads.add(thread);
    const range = threads === 1 ? '0' : `from 0 to ${threads - 1}`;
    const allowed = `config.nbthread is ${threads}: it must be ${range}`;
    this.#known.add({ path: ['thread'], on: 'value', what: `thread is ${thread}`, allowed });
  }

  #introduce(ids: Introduced, id: string, key: string, certain = true): void {
    if (ids.certain.has(id)) {
      const what = `the ${ids.noun} ${quote(id)} was introduced before`;
      this.#known.add({
        path: [key],
        on: 'value',
        what,
        allowed: 'a new one needs an id of its own',
      });
    }
    ids.known.add(id);
    if (certain) ids.certain.add(id);
  }
}

/** Whether the expectations leave it open that a connection is alive after the event. */
function lives(expect: TraceEvent['expect'], conn: string): boolean {
  const isOver = expect?.crash !== undefined || expect?.abort !== undefined;
  return expect?.conn?.[conn] !== null && !isOver;
}

function parseString(token: string): string | null {
  try {
    return JSON.parse(token);
  } catch {
    return null;
  }
}
