import { connOf } from '../../format/conn-name.ts';
import {
  type CallName,
  type Config,
  type FailName,
  NAMED_CALLS,
  type NamedCall,
} from '../../format/index.ts';
import { WORLD } from '../../state/world.ts';
import { Keys } from './by-key/keys.ts';
import { Victims } from './by-key/victims.ts';
import type { Connection } from './connection-t.ts';
import { struct } from './fields/struct.ts';
import { ConnList, type ListNode } from './list.ts';
import type { RuleSet } from './rule-set-t.ts';
import { Backend, Frontend, Server, type Target } from './server-t.ts';
import type { Session, SessSrvList } from './session-t.ts';
import { type Call, type Entity, StepLog } from './step-log.ts';
import type { ConnStream } from './stream-t.ts';

const NOTHING_FAILS: readonly FailName[] = [];
const NOBODY: readonly number[] = [];
const NONE_COUNTED: ReadonlySet<NamedCall> = new Set();
const ALL_NAMED: ReadonlySet<CallName> = new Set(NAMED_CALLS);

/** Inputs of the running event that any function may ask for. */
export interface StepInputs {
  readonly at?: number | undefined;
  readonly thread?: number | undefined;
  readonly used_fds?: number | undefined;
  readonly fail?: readonly FailName[] | undefined;
  readonly busy?: readonly number[] | undefined;
  readonly victims?: readonly string[] | undefined;
}

/**
 * All state that the rules know: one HAProxy process. The functions of the engine take it as
 * their first argument where C uses globals.
 */
export class World extends struct(WORLD) {
  readonly nbthread: number;
  readonly idlePoolShared: boolean;
  /** File descriptor thresholds; infinite unless configured. */
  readonly poolLowCount: number;
  readonly poolHighCount: number;
  readonly frontends = new Map<string, Frontend>();
  readonly backends = new Map<string, Backend>();
  readonly servers = new Map<string, Server>();
  readonly sessions = new Map<string, Session>();
  readonly connections = new Map<string, Connection>();
  readonly streams = new Map<string, ConnStream>();
  readonly orphans = new Map<string, ConnStream[]>();
  readonly toremove: readonly ConnList[];

  beforeChange: ((entity: Entity) => void) | null = null;
  nameConnection: (strm: string, claimed: string | undefined) => string = (strm, claimed) =>
    firstFreeName(strm, claimed, (id) => this.connections.has(id));
  readonly log = new StepLog();
  /** What the running event says of the connections that were chosen by the order of keys. */
  readonly victims = new Victims();
  #fails: FailName[] | readonly FailName[] = NOTHING_FAILS;
  #busy: readonly number[] = NOBODY;
  /** Functions whose calls are not written down. */
  readonly #silent: ReadonlySet<CallName>;

  /**
   * @param counted the functions that the trace counts by name, beside those that always count
   */
  constructor(
    readonly config: Config,
    readonly rules: RuleSet,
    readonly counted: ReadonlySet<NamedCall> = NONE_COUNTED,
    /** The numbers of the keys of connections. */
    readonly keys = new Keys(),
  ) {
    super();
    this.nbthread = config.nbthread ?? 1;
    this.#silent =
      counted.size === 0 ? ALL_NAMED : new Set(NAMED_CALLS.filter((fn) => !counted.has(fn)));
    this.idlePoolShared = config['tune.idle-pool.shared'] ?? true;
    this.poolLowCount = config['pool-low-count'] ?? Number.POSITIVE_INFINITY;
    this.poolHighCount = config['pool-high-count'] ?? Number.POSITIVE_INFINITY;
    this.toremove = Array.from(
      { length: this.nbthread },
      () =>
        new ConnList('toremove', null, null, rules.keeps.has('toremove') ? 'toremoveList' : 'list'),
    );
    for (const [id, fe] of Object.entries(config.frontends ?? {})) {
      this.frontends.set(id, new Frontend(id, fe));
    }
    const servers = Object.entries(config.servers ?? {});
    const withServers = new Set(servers.map(([id]) => backendOf(id)));
    for (const [id, be] of Object.entries(config.backends ?? {})) {
      this.backends.set(id, new Backend(id, be, withServers.has(id), rules.pool.isKeyed));
    }
    for (const [id, srv] of servers) {
      const proxy = this.backends.get(backendOf(id));
      if (!proxy) throw new RangeError(`the backend of server ${id} is not declared`);
      const server = new Server(id, proxy, srv, this.nbthread, rules.keeps);
      // What was agreed on before the trace goes for a request without parts.
      if (server.negoAlpn > 0 && rules.alpnIsOf === 'key') server.negoKey = keys.ofParts('');
      this.servers.set(id, server);
    }
    if (!rules.purge.perThread) return;
    for (const { inPurgeTrees } of this.servers.values()) {
      for (let thread = 0; thread < this.nbthread; thread++) inPurgeTrees.push(0);
    }
  }

  /** Starts a step: forgets the last one's log and takes the inputs of this one. */
  begin(inputs: StepInputs): void {
    this.clock++;
    this.log.clear();
    this.at = inputs.at ?? null;
    this.thread = inputs.thread ?? 0;
    this.usedFds = inputs.used_fds ?? 0;
    this.#fails = inputs.fail === undefined ? NOTHING_FAILS : [...inputs.fail];
    // Looked up only where a rule set looks at it: an event has neither, and this runs for each.
    if (this.rules.idleLocks === 'tried') this.#busy = inputs.busy ?? NOBODY;
    this.victims.claim(this.rules.pool.choosesByKey ? inputs.victims : undefined);
  }

  /** How many of the allocations that were to fail in this step nobody has asked for. */
  get failsUnused(): number {
    return this.#fails.length;
  }

  /** Tries to allocate; each entry of `fail` lets one attempt of its kind fail. */
  alloc(what: FailName): boolean {
    if (this.#fails.length === 0) return true;
    const at = this.#fails.indexOf(what);
    if (at === -1) return true;
    this.#fails = this.#fails.filter((_, i) => i !== at);
    return false;
  }

  /** Whether somebody holds the lock on the idle connections of a thread while the step runs. */
  isBusy(thread: number): boolean {
    return this.#busy.includes(thread);
  }

  /** To be called before an object changes. */
  touch(entity: Entity): void {
    if (entity.touchedAt === this.clock) return;
    entity.touchedAt = this.clock;
    this.log.touched.push(entity);
    this.beforeChange?.(entity);
  }

  /** Writes down the entry of an ownership function, if the trace counts it. */
  enter(
    fn: CallName,
    conn: Connection | null,
    sess: Session | null = null,
    srv: Target | null = null,
    isSafe = 0,
  ): Call {
    const call: Call = {
      fn,
      sess,
      sessFreed: sess?.freed ?? false,
      conn,
      srv,
      isSafe,
      decisionsBefore: this.log.decisionCount,
      ret: undefined,
    };
    if (!this.#silent.has(fn)) this.log.calls.push(call);
    return call;
  }

  /** The server of that name, unless it is deleted. */
  server(id: string): Server | undefined {
    const srv = this.servers.get(id);
    return srv?.deleted ? undefined : srv;
  }

  /** The target of that name: a server that is there, or a backend. */
  target(id: string): Target | undefined {
    return this.server(id) ?? this.backends.get(id);
  }

  /** The target of that name, a server that is deleted among them: connections may point to it. */
  declared(id: string): Target | undefined {
    return this.servers.get(id) ?? this.backends.get(id);
  }

  /** A stream gets a connection. */
  holdStream(cs: ConnStream): void {
    this.streams.set(cs.strm, cs);
    cs.sess.streams++;
    cs.conn.streams++;
  }

  /** A stream leaves its connection. */
  dropStream(cs: ConnStream): void {
    this.streams.delete(cs.strm);
    cs.sess.streams--;
    cs.conn.streams--;
  }

  /** A stream left while blocked: its mux still holds it. */
  rememberOrphan(cs: ConnStream): void {
    const same = this.orphans.get(cs.strm);
    if (same) same.push(cs);
    else this.orphans.set(cs.strm, [cs]);
  }

  /** The mux drops an orphan. */
  forgetOrphan(cs: ConnStream): void {
    const others = this.orphans.get(cs.strm)?.filter((other) => other !== cs) ?? [];
    if (others.length > 0) this.orphans.set(cs.strm, others);
    else this.orphans.delete(cs.strm);
  }

  /*
   * HAProxy does not look whether an element is in a list already: the lists would be tangled. The
   * rules never get there by themselves. From a state that a trace made up they might: then the
   * element moves.
   */

  /** LIST_ADDQ of a connection to a server's or a thread's list. */
  listAppend(list: ConnList, conn: Connection): void {
    const node = list.nodeOf(conn);
    this.unlink(node);
    this.#touchList(list, conn);
    list.append(node);
  }

  /** LIST_ADD of a connection to a server's list. */
  listPrepend(list: ConnList, conn: Connection): void {
    this.listDel(conn);
    this.#touchList(list, conn);
    list.prepend(conn.list);
  }

  /** MT_LIST_DEL of a connection from whichever list of a server holds it, if any. */
  listDel(conn: Connection): void {
    this.unlink(conn.list);
    this.unlink(conn.idleList);
    if (this.rules.pool.agesArePending) this.unlink(conn.toremoveList);
  }

  /** Takes a connection out of the list of a server or a thread that holds it by a node, if any. */
  unlink(node: ListNode): void {
    const { list } = node;
    if (!list) return;
    this.#touchList(list, node.conn);
    list.remove(node);
  }

  /** LIST_ADDQ of a connection to a session entry. */
  entryAppend(entry: SessSrvList, conn: Connection): void {
    if (conn.sessionList.linked) this.entryDel(conn);
    this.touch(entry.sess);
    this.touch(conn);
    entry.connList.append(conn.sessionList);
  }

  /** LIST_DEL of a connection from whichever session entry holds it, if any. */
  entryDel(conn: Connection): void {
    const list = conn.sessionList.list;
    if (!list) return;
    if (list.entry) this.touch(list.entry.sess);
    this.touch(conn);
    list.remove(conn.sessionList);
  }

  #touchList(list: ConnList, conn: Connection): void {
    if (list.srv) this.touch(list.srv);
    this.touch(conn);
  }
}

/** The backend part of `backend/server`. */
export function backendOf(server: string): string {
  const slash = server.indexOf('/');
  return slash === -1 ? server : server.slice(0, slash);
}

/** The name that is claimed, else the first of `<strm>.conn`, `<strm>.conn.2`, … not taken. */
export function firstFreeName(
  strm: string,
  claimed: string | undefined,
  taken: (id: string) => boolean,
): string {
  if (claimed !== undefined && !taken(claimed)) return claimed;
  let name = connOf(strm);
  for (let number = 2; taken(name); number++) name = connOf(strm, number);
  return name;
}
