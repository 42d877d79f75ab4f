import type { Config, TraceEvent } from '../../format/index.ts';

/** Why something cannot be brought about from outside, and the key of the trace that asks for it. */
export interface Obstacle {
  /** In plain words. */
  readonly why: string;
  /** The key of the event or of the configuration; null: all of it. */
  readonly key: string | null;
}

const obstacle = (why: string, key: string | null = null): Obstacle => ({ why, key });

type ServerConfig = NonNullable<Config['servers']>[string];
type BackendConfig = NonNullable<Config['backends']>[string];

function serverObstacle(server: ServerConfig): Obstacle | null {
  if (server.proto === 'fcgi') {
    return obstacle('the servers of a test script speak no FastCGI', 'proto');
  }
  if (server['nego-alpn'] != null) {
    return obstacle('a script begins with nothing agreed on', 'nego-alpn');
  }
  if (server.usesrc != null) {
    return obstacle("a source address takes rights and addresses of the machine's own", 'usesrc');
  }
  if (server.transparent === true) {
    return obstacle('the destination of a test script is one address', 'transparent');
  }
  if (server['strict-maxconn'] === true || (server.maxconn ?? 0) > 0) {
    return obstacle('when a queued request goes on is up to HAProxy', 'maxconn');
  }
  if (server['streams-limit'] !== undefined && server.proto !== 'h2') {
    return obstacle('only HTTP/2 has a limit of streams that a script can set', 'streams-limit');
  }
  return null;
}

function backendObstacle(backend: BackendConfig): Obstacle | null {
  if (backend.mode === 'tcp') {
    return obstacle('a tcp stream shows neither requests nor answers by which to tell it', 'mode');
  }
  if (backend.usesrc != null) {
    return obstacle("a source address takes rights and addresses of the machine's own", 'usesrc');
  }
  return null;
}

/** What of a configuration no test script can bring about; null where there is nothing. */
export function configObstacle(config: Config): Obstacle | null {
  if ((config.nbthread ?? 1) > 1) {
    return obstacle(
      'what several threads do at a time has no order that a script gives',
      'nbthread',
    );
  }
  for (const key of ['pool-low-count', 'pool-high-count'] as const) {
    if (config[key] !== undefined) {
      return obstacle('how many file descriptors are in use is up to HAProxy', key);
    }
  }
  for (const backend of Object.values(config.backends ?? {})) {
    const found = backendObstacle(backend);
    if (found !== null) return found;
  }
  for (const server of Object.values(config.servers ?? {})) {
    const found = serverObstacle(server);
    if (found !== null) return found;
  }
  return null;
}

/** Inputs of a detach that are states in the middle of HAProxy's own work. */
const DETACH_INNER = {
  blocked: 'that a stream leaves while it is blocked is a matter of full buffers',
  shutw_now: 'a shutdown that is pending is a moment inside of HAProxy',
  obuf_data: 'data that wait to be sent are a matter of full buffers',
  mux_error: 'the error of a mux at a chosen moment is not for a script to make',
  dead: 'what a mux takes for dead is a moment inside of HAProxy',
  proto_status: 'the servers of a test script speak no FastCGI',
} as const;

function detachObstacle(event: Extract<TraceEvent, { event: 'detach' }>): Obstacle | null {
  for (const key of Object.keys(DETACH_INNER) as (keyof typeof DETACH_INNER)[]) {
    if (event[key] !== undefined && event[key] !== false && event[key] !== 'REQUEST_COMPLETE') {
      return obstacle(DETACH_INNER[key], key);
    }
  }
  return null;
}

function connectObstacle(event: Extract<TraceEvent, { event: 'connect_server' }>): Obstacle | null {
  if (event.error !== undefined) {
    return obstacle('a step of a connect that fails at a chosen moment', 'error');
  }
  if (event.websocket === true) {
    return obstacle('a WebSocket stream ends as a tunnel, not as an exchange', 'websocket');
  }
  if (event.htx === false) return obstacle('a stream that speaks no HTTP shows no request', 'htx');
  if (event.init_xprt === true) {
    return obstacle('another layer than ALPN takes an option of its own', 'init_xprt');
  }
  if (event.busy !== undefined && event.busy.length > 0) {
    return obstacle('which lock another thread holds is a chosen moment', 'busy');
  }
  if (!event.target.includes('/')) {
    return obstacle('a backend without a server has no address in a test script', 'target');
  }
  return null;
}

/** Flags that a connection has when its peer has closed it. */
const CLOSED_BY_PEER: ReadonlySet<string> = new Set(['ERROR', 'SOCK_RD_SH', 'SOCK_WR_SH']);

function updateObstacle(event: Extract<TraceEvent, { event: 'conn_update' }>): Obstacle | null {
  if (event.mux_error === true) {
    return obstacle(
      'the error of a mux at a chosen moment is not for a script to make',
      'mux_error',
    );
  }
  if (event.unlink === true) {
    return obstacle('that a connection leaves its list follows from errors alone', 'unlink');
  }
  if (
    event.set?.some((flag) => !CLOSED_BY_PEER.has(flag)) ||
    event.clear?.some((flag) => flag !== 'WAIT_XPRT')
  ) {
    const key = event.clear === undefined ? 'set' : 'clear';
    return obstacle('this flag changes inside of HAProxy, not by what a peer does', key);
  }
  return null;
}

/**
 * What of an event no test script can bring about, whatever came before it: a failed allocation, a
 * lock that somebody holds, a moment in the middle of HAProxy's own work. Null: a script can make
 * it, or at least may be able to. Those who search keep to such events, those who export begin here.
 */
export function eventObstacle(event: TraceEvent): Obstacle | null {
  if (event.fail !== undefined && event.fail.length > 0) {
    return obstacle(
      `an allocation that fails (${event.fail.join(', ')}) at a chosen moment`,
      'fail',
    );
  }
  if ('used_fds' in event && event.used_fds !== undefined && event.used_fds > 0) {
    return obstacle('how many file descriptors are in use is up to HAProxy', 'used_fds');
  }
  switch (event.event) {
    case 'connect_server':
      return connectObstacle(event);
    case 'detach':
      return detachObstacle(event);
    case 'conn_update':
      return updateObstacle(event);
    case 'http_wait_for_response':
      if (event.status >= 200) return null;
      return obstacle('an interim answer ends nothing, and shows nothing', 'status');
    case 'conn_create_mux':
      if (event.error !== true && (event.mux === 'h1' || event.mux === 'h2')) return null;
      return obstacle('that a mux cannot be made is a moment inside of HAProxy');
    case 'tcpcheck_eval_connect':
    case 'check_connect':
      return obstacle('a health check connects when its own time has come');
    case 'srv_cleanup_idle_connections':
      return obstacle('the periodic purge comes when its own time has come');
    case 'conn_io':
      if (event.via !== 'wake' && event.released !== true) return null;
      return obstacle('how HAProxy wakes a connection, and what a mux wants then, is its own');
    case 'del_server':
      if (event.error !== true) return null;
      return obstacle('that a server cannot be deleted follows from its streams', 'error');
    case 'stream_destroy':
      return obstacle('that a stream leaves while it is blocked is a matter of full buffers');
    default:
      return null;
  }
}
