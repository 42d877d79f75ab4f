import { WORLD_FORMAT, type WorldDefinition } from '../format/index.ts';

type Preset = Omit<WorldDefinition, 'world'>;
type Config = WorldDefinition['config'];
type ServerConfig = NonNullable<Config['servers']>[string];
type BackendConfig = NonNullable<Config['backends']>[string];

const NTLM_SHARED = ['auth.private-owned', 'connect.pool.available', 'h2.detach.private.idle'];

/** One frontend, one backend, one server. */
function oneServer(server: ServerConfig, backend: BackendConfig = {}): Config {
  return { frontends: { fe: {} }, backends: { b: backend }, servers: { 'b/srv': server } };
}

/**
 * Worlds that can be searched by name: each is as small as what it is for allows, and large enough
 * that its bug is not the only thing that can happen.
 */
const WORLDS: Readonly<Record<string, Preset>> = {
  'failed-listing': {
    title: 'A multiplexed connection turns private while listing it fails (B1)',
    config: oneServer({ proto: 'h2' }, { 'http-reuse': 'always' }),
    sessions: 1,
    streams: 3,
    connections: 2,
    events: { authentication: true, fail: ['sess_srv_list'], failures: 2 },
    sometimes: ['auth.private-owned', 'session.add.no-memory', 'session.add.insert'],
  },
  'shared-authentication': {
    title: 'Two sessions share a multiplexed connection, and either may authenticate (B2)',
    config: oneServer({ proto: 'h2' }, { 'http-reuse': 'always' }),
    sessions: 2,
    streams: 3,
    connections: 2,
    events: { authentication: true, closes: true },
    sometimes: NTLM_SHARED,
  },
  'shared-authentication-fcgi': {
    title: 'The same over FastCGI (B2)',
    config: oneServer({ proto: 'fcgi', 'streams-limit': 2 }, { 'http-reuse': 'always' }),
    sessions: 2,
    streams: 3,
    connections: 2,
    events: { authentication: true, closes: true },
    sometimes: ['auth.private-owned', 'connect.pool.available', 'fcgi.detach.private.idle'],
  },
  'tcp-retry': {
    title: 'A stream of mode tcp gives up a connection that does not come about (B3, B4)',
    config: {
      frontends: { fe: {} },
      backends: { b: { mode: 'tcp' }, direct: { mode: 'tcp' } },
      servers: { 'b/srv': {} },
    },
    sessions: 1,
    streams: 2,
    connections: 2,
    events: { retries: 2 },
    sometimes: ['connect.used', 'connect.install.no-server'],
  },
  'send-proxy': {
    title: 'Requests find a connection in their session while it is still connecting (B4)',
    config: oneServer({ 'send-proxy': true, proto: 'h2' }),
    sessions: 1,
    streams: 3,
    connections: 2,
    events: { retries: 1 },
    sometimes: ['connect.session.found', 'h2.detach.private.idle'],
  },
  'last-server': {
    title: 'The preference for the last server unmarks a connection that is then not used (B5)',
    config: oneServer(
      { proto: 'h2', 'streams-limit': 1 },
      { 'http-reuse': 'never', 'option prefer-last-server': true },
    ),
    sessions: 1,
    streams: 3,
    connections: 3,
    events: { goaway: true },
    sometimes: ['assign.idle-mark-dropped', 'connect.session.found', 'connect.session.no-stream'],
  },
  'last-answer': {
    title:
      'A server says with an answer that it is the last; the connection is chosen all the same (B6)',
    config: oneServer(
      { proto: 'h2' },
      { 'http-reuse': 'never', 'option prefer-last-server': true },
    ),
    sessions: 1,
    streams: 2,
    connections: 2,
    events: { goaway: 'in-use' },
    sometimes: ['session.add.insert'],
  },
  'no-memory': {
    title: 'Allocations of a request fail, each at any point (B7)',
    config: oneServer({}),
    sessions: 1,
    streams: 2,
    connections: 2,
    events: {
      fail: ['connection', 'sess_srv_list', 'sockaddr', 'conn_stream', 'mux'],
      failures: 2,
    },
    sometimes: ['connect.failed', 'mux.install.no-memory', 'pool.add.idle'],
  },
  'dangling-owner': {
    title: 'A connection that can be shared outlives the session that made it (B8)',
    config: oneServer({ proto: 'h2' }, { 'http-reuse': 'always' }),
    sessions: 2,
    streams: 3,
    connections: 2,
    sometimes: ['pool.add.safe', 'backend-get.own', 'connect.pool.available'],
  },
  'delayed-mux': {
    title: 'The mux waits for the handshake, and may not come about (B16, B17)',
    config: oneServer({ alpn: 'h2,http/1.1' }, { 'http-reuse': 'never' }),
    sessions: 1,
    streams: 3,
    connections: 2,
    events: { fail: ['mux'] },
    sometimes: ['connect.install.delayed', 'create-mux.failed'],
  },
  takeover: {
    title: 'Two threads take idle connections from each other, and memory runs out (B11)',
    config: { nbthread: 2, ...oneServer({}, { 'http-reuse': 'always' }) },
    sessions: 2,
    streams: 2,
    connections: 2,
    events: { fail: ['takeover'] },
    sometimes: ['backend-get.takeover', 'backend-get.takeover-failed', 'pool.add.idle'],
  },
  maintenance: {
    title: 'A server without an idle pool enters maintenance',
    config: oneServer({ 'pool-max-conn': 0 }),
    sessions: 1,
    streams: 2,
    connections: 2,
    events: { maintenance: true },
    sometimes: ['maintenance.remove-all', 'pool.refuse.full'],
  },
  'failed-attach': {
    title: 'A stream cannot be attached to the idle connection that was found for it (B6)',
    config: oneServer({}, { 'http-reuse': 'always' }),
    sessions: 1,
    streams: 3,
    connections: 2,
    events: { closes: true, fail: ['conn_stream'] },
    sometimes: ['connect.reuse.attach-failed', 'backend-get.own'],
  },
  'idle-periods': {
    title: 'A private connection is idle more than once (B18)',
    config: {
      frontends: { fe: { 'max-session-srv-conns': 1 } },
      backends: { b: { 'http-reuse': 'never' } },
      servers: { 'b/srv': {}, 'b/srv2': {} },
    },
    sessions: 1,
    streams: 4,
    connections: 2,
    sometimes: ['connect.session.found', 'connect.reuse.idle-mark-dropped'],
  },
  'negotiated-shared': {
    title: 'The mux that a shareable connection gets was negotiated (B12, B16)',
    config: oneServer({ alpn: 'h2,http/1.1', ssl: true }),
    sessions: 2,
    streams: 3,
    connections: 2,
    sometimes: ['connect.install.delayed', 'pool.add.idle'],
  },
  lent: {
    title: 'A connection is lent to a session, and fails there (B23)',
    config: oneServer({ proto: 'h2' }, { 'http-reuse': 'safe' }),
    sessions: 2,
    streams: 2,
    connections: 1,
    events: { connection_errors: true },
    sometimes: ['pool.add.safe'],
  },
  keys: {
    title: 'Requests for two server names share the pool of a server',
    config: oneServer({ proto: 'h2', 'streams-limit': 1 }, { 'http-reuse': 'always' }),
    sessions: 2,
    streams: 3,
    connections: 2,
    events: {
      params: [
        { sni: 'one', name: 'one' },
        { sni: 'two', name: 'two' },
      ],
    },
    sometimes: ['pool.add.safe', 'backend-get.own'],
  },
  'deleted-server': {
    title: 'A server is deleted that a session keeps a connection to (B26, B27)',
    config: {
      frontends: { fe: {} },
      backends: { b: { 'http-reuse': 'never' } },
      servers: { 'b/srv': {}, 'b/srv2': {} },
    },
    sessions: 1,
    streams: 3,
    connections: 2,
    events: { del_server: true },
    sometimes: ['session.add.insert'],
  },
  'idle-io': {
    title:
      'I/O on idle connections, one of which the preference for the last server has unmarked (B5)',
    config: oneServer(
      { proto: 'h2', 'streams-limit': 1 },
      { 'http-reuse': 'never', 'option prefer-last-server': true },
    ),
    sessions: 1,
    streams: 3,
    connections: 2,
    events: { conn_io: true, goaway: true },
    sometimes: ['session.add.insert'],
  },
  'failed-reinsertion': {
    title: 'An idle connection finds no way back into the list of its session after I/O (B6, B29)',
    config: oneServer({ proto: 'h2' }, { 'http-reuse': 'never' }),
    sessions: 1,
    streams: 2,
    connections: 2,
    events: { conn_io: true, fail: ['sess_srv_list', 'conn_stream'] },
    sometimes: ['session.add.insert'],
  },
  'maintenance-io': {
    title:
      'A server enters maintenance while connections to it are idle, and I/O comes over them (B20)',
    config: oneServer({}, { 'http-reuse': 'never' }),
    sessions: 1,
    streams: 2,
    connections: 2,
    events: { conn_io: true, srv_admin: true },
    sometimes: ['session.add.insert'],
  },
  'maintenance-takeover': {
    title:
      'Another thread takes over what I/O brought back to the pool while it waits to be removed (B20)',
    config: { nbthread: 2, ...oneServer({}, { 'http-reuse': 'always' }) },
    sessions: 2,
    streams: 2,
    connections: 2,
    events: { conn_io: true, srv_admin: true },
    sometimes: ['backend-get.takeover', 'removal.destroy'],
  },
};

/** Names of the worlds that can be searched by name, in the order in which they are listed. */
export const PRESET_NAMES: readonly string[] = Object.keys(WORLDS);

/** The world of a name, or undefined. */
export function presetOf(name: string): WorldDefinition | undefined {
  const preset = Object.hasOwn(WORLDS, name) ? WORLDS[name] : undefined;
  return preset && { world: WORLD_FORMAT, ...preset };
}
