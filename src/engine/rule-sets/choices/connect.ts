import { choice } from './choice.ts';

const FN = 'connect_server';
const FILE = 'src/backend.c';

/** What differs in connect_server since a request has a key, in the order in which it is met. */
export const CONNECT_CHOICES = {
  /** When the addresses of a connection are set. */
  addressesAreSet: choice(FN, FILE, 'with-connection', {
    'with-connection': {
      says: 'an address that cannot be set costs the connection that the stream has, new or not',
      rules: ['connect.failed.freed', 'cs-destroy.freed', 'h2.orphan.freed', 'fcgi.orphan.freed'],
    },
    'before-lookup': {
      says: 'the addresses are set before a connection is looked for: where one cannot be, nothing else happens',
      rules: ['connect.address'],
    },
  }),
  /** Which streams look for a connection, and leave theirs to others. */
  reuseIsFor: choice(FN, FILE, 'any', {
    any: {
      says: 'a stream of any protocol looks for a connection, and lists or shares the one that is made for it',
    },
    htx: {
      says: 'a stream that does not speak HTTP gets a new connection without a look at any other, which no list gets to hold with its mux',
      rules: ['connect.not-htx', 'connect.install.not-htx'],
    },
    'http-backend': {
      says: 'a stream of a backend of mode http looks for a connection; any other gets a new one without a look, also at file descriptors',
      rules: ['connect.not-http', 'connect.install.not-htx'],
    },
    'any-but-lists': {
      says: 'a stream of any protocol looks for a connection; one that does not speak HTTP leaves no list to hold the one that is made for it',
      rules: ['connect.install.not-htx'],
    },
  }),
  /** What a connection can go to. */
  targets: choice(FN, FILE, 'any', {
    any: {
      says: 'a connection goes to a server, or to where a backend without one sends it (dispatch, transparent)',
      rules: [
        'connect.pool.no-server',
        'connect.install.no-server',
        'connect.new.no-server',
        'conn.free.no-server',
        'pool.refuse.not-shareable',
      ],
    },
    servers: {
      says: 'every connection goes to a server',
    },
  }),
  /** What key a connection has that is made without a look at others. */
  keyIsMade: choice(FN, FILE, 'for-lookup', {
    'for-lookup': {
      says: 'a connection that is made without a look at others has no key, and is found by no request',
    },
    always: {
      says: 'every connection has the key of the request that it is made for',
    },
  }),
  /** File descriptor pressure: when an idle connection has to go, and for which streams. */
  pressureKills: choice(FN, FILE, 'before-attach', {
    'before-attach': {
      says: 'file descriptor pressure costs the server an idle connection before the stream joins the one that was found, and none if no connection was looked for',
    },
    'after-attach': {
      says: 'file descriptor pressure costs the server an idle connection whatever the stream, when it has joined the one that was found',
    },
  }),
  /** File descriptor pressure: on which other threads. */
  pressureVisits: choice(FN, FILE, 'all', {
    all: {
      says: 'file descriptor pressure is felt on all other threads, one after the other, until one has something idle',
    },
    'first-unless-shared': {
      says: 'where threads do not share their pools (tune.idle-pool.shared off) file descriptor pressure is felt on the next thread that can be had, and on no other',
      rules: ['connect.pressure.not-shared'],
    },
  }),
  /** A source address that differs from request to request. */
  dynamicSource: choice(FN, FILE, 'refuses', {
    refuses: {
      says: 'with a source address that depends on the request (usesrc hdr_ip) a connection that was found is not used, and not put back',
      rules: ['connect.dynamic-source'],
    },
    key: {
      says: 'a source address that depends on the request is part of its key: what is found has it',
      rules: ['connect.dynamic-source.key'],
    },
  }),
  /** The first column of the table of reuse: what is asked for under http-reuse always. */
  idleAfterSafe: choice(FN, FILE, 'none-safe', {
    'none-safe': {
      says: 'a first request under http-reuse always asks for an idle connection where the server has no safe one',
    },
    'none-found': {
      says: 'a first request under http-reuse always asks for an idle connection where it has found no safe one',
      rules: ['connect.pool.idle-after-safe'],
    },
  }),
  /** A connection to a backend that has no server. */
  noServerIsPrivate: choice(FN, FILE, 'no', {
    no: {
      says: 'a connection that goes to no server is as private as any other',
      rules: ['connect.install.no-server', 'conn.free.no-server', 'pool.refuse.not-shareable'],
    },
    yes: {
      says: 'a connection that goes to no server is private from its creation',
      rules: ['connect.new.no-server'],
    },
  }),
  /** A transparent source address, of the client or of a header. */
  sourceIsPrivate: choice('tcp_connect_server', 'src/proto_tcp.c', 'client', {
    client: {
      says: 'a connection from the client’s own address is private',
      rules: ['connect.new.usesrc', 'connect.reuse.usesrc'],
    },
    never: {
      says: 'a source address makes no connection private: it is part of the key',
    },
  }),
  /** A PROXY header. */
  proxyHeaderIsPrivate: choice(FN, FILE, 'yes', {
    yes: {
      says: 'a connection that a PROXY header leads is private',
      rules: ['connect.new.send-proxy'],
    },
    no: {
      says: 'a PROXY header makes no connection private: it is part of the key',
    },
  }),
  /** conn_new: what a connection to a server is made of. */
  connAllocation: choice('conn_new', 'include/haproxy/connection.h', 'connection', {
    connection: {
      says: 'a new connection is one piece of memory',
    },
    'hash-node': {
      says: 'a new connection needs a node for its key: without memory for that it is not made, and its server counts it as used for ever',
      rules: ['conn.new.no-hash-node'],
    },
    'address-and-hash-node': {
      says: 'a new connection needs an address and a node for its key: without memory for either it is freed at once, and counted by nobody',
      rules: ['conn.new.incomplete'],
    },
  }),
  /** conn_backend_get: what comes of it when a takeover from another thread fails. */
  takeoverFailure: choice('conn_backend_get', FILE, 'spins', {
    spins: {
      says: 'a takeover that runs out of memory frees the connection under the search, which still holds its list element: an endless loop',
      rules: ['backend-get.takeover-failed'],
    },
    'reads-freed': {
      says: 'a takeover that runs out of memory frees the connection under the search, which then asks it for the next one',
      rules: ['backend-get.takeover-failed.next'],
    },
    'passes-over': {
      says: 'a connection that cannot be taken over, for want of memory, stays where it is, and the next one is tried',
      rules: ['backend-get.takeover-failed.passed-over'],
    },
  }),
  /** connect_server: whether a server limits its connections. */
  strictMaxconn: choice(FN, FILE, 'unknown', {
    unknown: {
      says: 'a server has as many connections as its streams need',
    },
    counted: {
      says: 'a server with strict-maxconn has no more connections than maxconn: where it has as many all that are idle go, and none is made',
      rules: [
        'connect.strict.counted',
        'connect.strict.full',
        'conn.free.total',
        'strict.killed',
        'strict.not-taken',
      ],
      keeps: ['curr_total_conns'],
    },
  }),
} as const;
