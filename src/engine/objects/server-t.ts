import type { BackendConfig, FrontendConfig, ServerConfig } from '../../format/index.ts';
import { SERVER } from '../../state/server.ts';
import { MUX_NAMES } from '../../state/told.ts';
import { struct } from './fields/struct.ts';
import { ConnList } from './list.ts';
import type { SessSrvList } from './session-t.ts';

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

/** The proxy that says how connections to a target are used: that of a server, or the backend itself. */
export function proxyOf(target: Target): Backend {
  return target.kind === 'srv' ? target.proxy : target;
}

/** Why connections to a target are never shared, where they are not. */
export function whyNever(target: Target): string {
  const proxy = proxyOf(target);
  return proxy.http ? 'http-reuse never' : 'mode tcp, hence http-reuse never';
}

/** The reuse mode that applies to connections to a target: one of the `REUSE_*` values. */
export function reuseOf(target: Target): number {
  return proxyOf(target).reuse;
}

/** What `retry-on` has to name, in one way or the other, for a request to survive any failure. */
const CONNECTION_FAILURES = [
  ['conn-failure'],
  ['empty-response', 'disconnected'],
  ['response-timeout'],
] as const;

function coversAny(retryOn: readonly string[]): boolean {
  if (retryOn.includes('all-retryable-errors')) return true;
  return CONNECTION_FAILURES.every((names) => names.some((name) => retryOn.includes(name)));
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
  /** Whether a request is sent again after any failure that an idle connection can cause. */
  readonly retriesAny: boolean;
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
    this.retriesAny = coversAny(config['retry-on'] ?? []);
    this.reuse =
      !this.http && hasServers ? REUSE_NEVR : REUSE_MODES[config['http-reuse'] ?? 'safe'];
  }
}

/** The number of the mux that a protocol has: its place among all, from 1. */
const NEGO_ALPN = {
  none: 0,
  'http/1.1': MUX_NAMES.indexOf('h1') + 1,
  h2: MUX_NAMES.indexOf('h2') + 1,
} as const;

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
  readonly inPurgeTrees: number[] = [];
  readonly sessConns: SessSrvList[] = [];
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
  /** It can remember what ALPN has agreed on, in the releases that do. */
  readonly cachesAlpn: boolean;
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
  /** maxconn where that is strict; null: any number of connections. */
  readonly strictMaxconn: number | null;

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
    this.cachesAlpn = isKeyed && this.ssl && this.alpn;
    if (this.cachesAlpn) this.negoAlpn = NEGO_ALPN[config['nego-alpn'] ?? 'none'];
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
    this.strictMaxconn = config['strict-maxconn'] ? config.maxconn || null : null;
    this.countsTotal = keeps.has('curr_total_conns') && this.strictMaxconn !== null;
    this.countsSessIdle = keeps.has('curr_sess_idle_conns');
    this.currIdleThr = Array.from({ length: nbthread }, () => 0);
  }
}
