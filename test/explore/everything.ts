import type { WorldDefinition } from '../../src/format/index.ts';
import { world } from './support.ts';

/** Everything that can happen, in a world of servers that have little in common. */
export const EVERYTHING: WorldDefinition = world({
  config: {
    nbthread: 2,
    'pool-high-count': 5,
    frontends: { fe: { 'max-session-srv-conns': 1 }, checks: { 'max-session-srv-conns': 0 } },
    backends: {
      b: { 'http-reuse': 'always', 'option prefer-last-server': true },
      safe: { 'http-reuse': 'safe' },
      tcp: { mode: 'tcp' },
    },
    servers: {
      'b/h1': {},
      'b/h2': { proto: 'h2', 'streams-limit': 2, 'max-reuse': 2 },
      'b/fcgi': { proto: 'fcgi', 'streams-limit': 2 },
      'safe/alpn': { alpn: 'h2,http/1.1' },
      'safe/sni': { proto: 'h2', sni: true },
      'safe/proxy': { 'send-proxy': true, 'pool-max-conn': 0 },
      'safe/source': { usesrc: 'hdr_ip' },
    },
  },
  sessions: 3,
  streams: 8,
  connections: 5,
  events: {
    authentication: true,
    fail: ['connection', 'sess_srv_list', 'sockaddr', 'conn_stream', 'mux', 'takeover'],
    errors: ['address', 'connect', 'mux', 'handshake'],
    failures: 2,
    retries: 2,
    closes: true,
    connection_errors: true,
    goaway: true,
    streams_limits: [1, 3],
    blocked: true,
    excess_data: true,
    proto_status: ['CANT_MPX_CONN', 'OVERLOADED', 'UNKNOWN_ROLE'],
    io: true,
    purge: true,
    maintenance: true,
    conn_io: true,
    srv_admin: true,
    del_server: true,
    used_fds: [0, 10],
    params: [{}, { sni: 'one', name: 'one' }],
    busy: true,
    victims: true,
    checks: 'checks',
    check_reuse: true,
  },
});

/** The same to one server of a kind, on one thread: few objects, which meet again and again. */
function small(server: object, backend: object): WorldDefinition {
  return {
    ...EVERYTHING,
    config: {
      'pool-high-count': 5,
      frontends: { fe: { 'max-session-srv-conns': 1 }, checks: { 'max-session-srv-conns': 0 } },
      backends: { b: { 'option prefer-last-server': true, ...backend } },
      servers: { 'b/srv': server },
    },
    streams: 12,
    connections: 3,
  };
}

/** Small worlds in which everything can happen, by what they are about. */
export const SMALL: Readonly<Record<string, WorldDefinition>> = {
  h1: small({}, { 'http-reuse': 'always' }),
  h2: small({ proto: 'h2', 'streams-limit': 2 }, { 'http-reuse': 'always' }),
  fcgi: small({ proto: 'fcgi', 'streams-limit': 2 }, { 'http-reuse': 'safe' }),
  lent: small({ proto: 'h2', 'max-reuse': 3 }, { 'http-reuse': 'safe' }),
  private: small({ proto: 'h2', 'streams-limit': 1 }, { 'http-reuse': 'never' }),
  negotiated: small({ alpn: 'h2,http/1.1', ssl: true }, { 'http-reuse': 'aggressive' }),
};
