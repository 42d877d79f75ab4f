import type { BackendConfig, FrontendConfig, ServerConfig } from '../../format/index.ts';
import { SERVER } from '../../state/server.ts';
import { struct } from './fields/struct.ts';
import { ConnList } from './list.ts';

/** MAX_SRV_LIST: default of max-session-srv-conns. */
const DEFAULT_MAX_SESSION_SRV_CONNS = 5;
const DEFAULT_POOL_PURGE_DELAY_MS = 5000;

/** `http-reuse`, ordered as HAProxy compares it. */
export const REUSE_NEVR = 0;
export const REUSE_SAFE = 1;
export const REUSE_AGGR = 2;
export const REUSE_ALWS = 3;

const REUSE_MODES = {
  never: REUSE_NEVR,
  safe: REUSE_SAFE,
  aggressive: REUSE_AGGR,
  always: REUSE_ALWS,
} as const;

/** The reuse mode as `haproxy.cfg` spells it. */
export function reuseName(mode: number): string {
  return Object.keys(REUSE_MODES)[mode] ?? String(mode);
}

/** Why connections to a target are never shared, where they are not. */
export function whyNever(target: Target): string {
  const proxy = target.kind === 'srv' ? target.proxy : target;
  return proxy.http ? 'http-reuse never' : 'mode tcp, hence http-reuse never';
}

/** The reuse mode that applies to connections to a target: one of the `REUSE_*` values. */
export function reuseOf(target: Target): number {
  return (target.kind === 'srv' ? target.proxy : target).reuse;
}

/** Kind of source address, `source … usesrc`. */
export type Usesrc = NonNullable<ServerConfig['usesrc']>;

/** What a connection goes to: a server, or a backend that has none. */
export type Target = Server | Backend;

/** A frontend: only its limit matters to ownership. */
export class Frontend {
  /** `max_out_conns`: idle private connections that one session may keep. */
  readonly maxOutConns: number;

  constructor(
    readonly id: string,
    config: FrontendConfig,
  ) {
    this.maxOutConns = config['max-session-srv-conns'] ?? DEFAULT_MAX_SESSION_SRV_CONNS;
  }
}

/** A backend (`struct proxy`). */
export class Backend {
  readonly kind = 'be';
  readonly http: boolean;
  readonly preferLast: boolean;
  readonly usesrc: Usesrc | null;
  /** One of the `REUSE_*` values; cfgparse.c forces never on a tcp backend with servers. */
  readonly reuse: number;

  constructor(
    readonly id: string,
    config: BackendConfig,
    hasServers: boolean,
    /** Connections are kept by key: pools are trees. */
    readonly isKeyed = false,
  ) {
    this.http = config.mode !== 'tcp';
    this.preferLast = config['option prefer-last-server'] ?? false;
    this.usesrc = config.usesrc ?? null;
    this.reuse =
      !this.http && hasServers ? REUSE_NEVR : REUSE_MODES[config['http-reuse'] ?? 'safe'];
  }
}

/** `struct server` of include/haproxy/server-t.h. Counters are unsigned 32-bit and wrap. */
export class Server extends struct(SERVER) {
  readonly kind = 'srv';
  /** Indexed by thread; null when pool-max-conn is 0: lists are not allocated then. */
  readonly idleConns: readonly ConnList[] | null;
  readonly safeConns: readonly ConnList[] | null;
  /** Indexed by thread; always allocated. */
  readonly availableConns: readonly ConnList[];
  /** Indexed by thread; null under rule sets that keep no order of age. */
  readonly idleConnList: readonly ConnList[] | null;
  /** Whether the rule set counts all of its connections, and those that sessions keep idle. */
  readonly countsTotal: boolean;
  readonly countsSessIdle: boolean;
  readonly currIdleThr: number[];
  /** Connections are kept by key: the pool is made of trees. */
  readonly isKeyed: boolean;

  readonly proto: 'h1' | 'h2' | 'fcgi' | null;
  readonly alpn: boolean;
  /** The protocols that `alpn` names. */
  readonly alpnOffers: string;
  readonly sendProxy: boolean;
  /** The destination depends on the request: no address, or ports mapped. */
  readonly transparent: boolean;
  readonly ssl: boolean;
  /** Whether there is an sni expression, or one that gives the same for every request. */
  readonly sni: boolean | 'constant';
  /** Effective source address: the server's, else the backend's. */
  readonly usesrc: Usesrc | null;
  /** -1: no limit. */
  readonly maxIdleConns: number;
  readonly lowIdleConns: number;
  readonly poolPurgeDelayMs: number;
  /** -1: no limit. */
  readonly maxReuse: number;
  /** Null: the mux's default. */
  readonly streamsLimit: number | null;
  readonly keepConn: boolean;

  constructor(
    readonly id: string,
    readonly proxy: Backend,
    config: ServerConfig,
    nbthread: number,
    keeps: ReadonlySet<string>,
  ) {
    super();
    const { isKeyed } = proxy;
    this.isKeyed = isKeyed;
    this.proto = config.proto ?? null;
    this.alpn = (config.alpn ?? null) !== null;
    this.alpnOffers = config.alpn ?? '';
    this.sendProxy = config['send-proxy'] ?? false;
    this.transparent = config.transparent ?? false;
    this.ssl = config.ssl ?? false;
    this.sni = config.sni ?? false;
    this.usesrc = config.usesrc ?? proxy.usesrc;
    this.maxIdleConns = config['pool-max-conn'] ?? -1;
    this.lowIdleConns = config['pool-low-conn'] ?? 0;
    this.poolPurgeDelayMs = config['pool-purge-delay'] ?? DEFAULT_POOL_PURGE_DELAY_MS;
    this.maxReuse = config['max-reuse'] ?? -1;
    this.streamsLimit = config['streams-limit'] ?? null;
    this.keepConn = config['keep-conn'] ?? true;
    const lists = (
      name: 'idle' | 'safe' | 'available' | null,
      node: 'list' | 'idleList' = 'list',
    ) =>
      Array.from(
        { length: nbthread },
        () => new ConnList(name, this, null, node, isKeyed && node === 'list'),
      );
    // f232cb3e9: trees are there with pool-max-conn 0 as well.
    const hasPlaces = isKeyed || this.maxIdleConns !== 0;
    this.idleConns = hasPlaces ? lists('idle') : null;
    this.safeConns = hasPlaces ? lists('safe') : null;
    this.availableConns = lists('available');
    this.idleConnList = keeps.has('age') ? lists(null, 'idleList') : null;
    this.countsTotal = keeps.has('curr_total_conns');
    this.countsSessIdle = keeps.has('curr_sess_idle_conns');
    this.currIdleThr = Array.from({ length: nbthread }, () => 0);
  }
}
