import { choice } from './choice.ts';

const FN = 'connect_server';
const FILE = 'src/backend.c';

/** What differs in src/backend.c, in the order in which a connection meets it. */
export const BACKEND_CHOICES = {
  /** assign_server: whether the preference for the last server changes a connection. */
  preferenceUnmarks: choice('assign_server', FILE, 'yes', {
    yes: {
      says: 'a connection that speaks for its server loses its idle mark, whether it will be used or not',
      rules: ['assign.idle-mark-dropped'],
    },
    no: {
      says: 'a connection that speaks for its server stays as it is',
    },
  }),
  /** connect_server, step 8: whose a new connection is. */
  ownerFromCreation: choice(FN, FILE, 'nobody', {
    session: {
      says: 'a new connection belongs to the session that asks for it',
      rules: ['connect.new.owned'],
    },
    nobody: {
      says: 'a new connection belongs to nobody',
      rules: ['connect.new.ownerless'],
    },
  }),
  /** connect_server, step 8, or the detach: when http-reuse never makes a connection private. */
  neverIsPrivate: choice(FN, FILE, 'detach', {
    detach: {
      says: 'under http-reuse never a connection becomes private when a stream leaves it and it is to be kept',
      rules: ['connect.new.never.later', 'h1.detach.never', 'h2.detach.never', 'fcgi.detach.never'],
    },
    creation: {
      says: 'under http-reuse never a connection is private from its creation',
      rules: ['connect.new.never'],
    },
  }),
  /** connect_server, step 8: what comes of it when no new connection can be allocated. */
  missingConnection: choice(FN, FILE, 'noticed', {
    unnoticed: {
      says: 'that there is no memory for a connection goes unnoticed: what is written to it first goes through NULL',
      rules: ['connect.new.missing'],
    },
    noticed: {
      says: 'that there is no memory for a connection is noticed at once: connect_server returns RESOURCE',
    },
  }),
  /** connect_server, step 11: what comes of it when the end of the stream cannot be attached. */
  endpointFails: choice(FN, FILE, 'resource', {
    resource: {
      says: 'a new connection to which the stream cannot be attached is freed: connect_server returns RESOURCE',
    },
    internal: {
      says: 'a new connection to which the stream cannot be attached is freed: connect_server returns INTERNAL',
      rules: ['connect.failed.endpoint'],
    },
  }),
  /** connect_server: what comes of an attach that fails, for the end of the stream. */
  endpointAfterAttach: choice(FN, FILE, 'untouched', {
    untouched: {
      says: 'a stream that an existing connection does not take gets a new one',
    },
    reset: {
      says: 'a stream that an existing connection does not take is reset, and gets a new one; if that fails, connect_server returns INTERNAL',
      rules: ['connect.reuse.endpoint-lost'],
    },
  }),
  /** connect_server: whether a WebSocket stream can be served by an existing connection. */
  websocketReuse: choice(FN, FILE, 'as-any', {
    'as-any': {
      says: 'a WebSocket stream joins an existing connection as any other',
    },
    skipped: {
      says: 'a WebSocket stream, if its protocol is not that of the server, joins no existing connection, and its own has an empty key, by which no other stream looks',
      rules: ['connect.websocket'],
    },
  }),
  /** connect_server, step 13: which connections have to wait for their mux. */
  muxWaits: choice(FN, FILE, 'alpn', {
    alpn: {
      says: 'a new connection waits for its mux if the server has alpn, and no proto',
    },
    'ssl-alpn': {
      says: 'a new connection waits for its mux if the server has alpn, and no proto, and uses TLS',
    },
    'ssl-alpn-unknown': {
      says: 'a new connection waits for its mux if the server has alpn and uses TLS, until it is known what the two agree on, whatever proto says',
      rules: ['connect.mux.remembered', 'alpn.remembered', 'alpn.forgotten'],
    },
  }),
  /** connect_server: whether a mux that needs a layer below it waits for that. */
  muxLayer: choice(FN, FILE, 'none', {
    none: {
      says: 'no mux needs a layer below it',
    },
    first: {
      says: 'a mux that needs a layer below it waits for the handshake of that',
      rules: ['connect.install.layer'],
    },
  }),
  /** connect_server, step 13: whether waiting for the mux gives it an owner. */
  ownerWhileMuxWaits: choice(FN, FILE, 'session', {
    session: {
      says: 'a new connection that has to wait for its mux gets the session as owner',
      rules: ['connect.new.owned-without-mux'],
    },
    unchanged: {
      says: 'whether a new connection has to wait for its mux does not change its owner',
    },
  }),
  /** connect_server, step 15: when the server name (sni) is set, and makes private. */
  sniIsSet: choice(FN, FILE, 'after-mux', {
    'after-mux': {
      says: 'the server name (sni) makes a connection private when its mux is installed and it has joined the list that is for shareable ones',
      rules: ['connect.sni.later'],
    },
    'before-mux': {
      says: 'the server name (sni) makes a connection private before its mux is installed',
    },
  }),
  /** connect_server, step 15: which server names (sni) make a connection private. */
  sniIsPrivate: choice(FN, FILE, 'any', {
    any: {
      says: 'a connection with a server name (sni) is private',
      // Only a late name makes a connection private that another session owns.
      rules: ['connect.sni', 'session.check-idle.not-owner'],
    },
    request: {
      says: 'a connection with a server name (sni) is private if the name can differ from request to request',
      rules: ['connect.sni.constant', 'connect.sni', 'session.check-idle.not-owner'],
    },
    never: {
      says: 'a server name (sni) makes no connection private: it is part of the key',
    },
  }),
  /** connect_server, steps 16 and 17: when the layer for the PROXY header is added. */
  handshakeLayer: choice(FN, FILE, 'after-mux', {
    'after-mux': {
      says: 'a new connection gets its mux, and the list that it joins with it, before the layer that sends the PROXY header',
    },
    'before-mux': {
      says: 'a new connection gets the layer that sends the PROXY header before its mux: without the one it has not the other',
    },
  }),
  /** connect_server, step 16: what is listed as soon as its mux is installed. */
  listAtMuxInstall: choice(FN, FILE, 'nothing', {
    private: {
      says: 'a private connection joins the list of its session as soon as its mux is installed',
      rules: ['connect.install.private-listed'],
    },
    'private-or-lent': {
      says: 'a private connection, and under http-reuse safe one whose streams can hold each other up, joins the list of its session as soon as its mux is installed',
      rules: ['connect.install.private-listed', 'connect.install.lent'],
    },
    nothing: {
      says: 'a private connection with its mux stays out of any list until a stream leaves it',
      rules: ['connect.install.private-unlisted'],
    },
  }),
  /** connect_server, step 3: which requests may have a connection that has not proven itself. */
  retriesAreSafe: choice(FN, FILE, 'no', {
    no: {
      says: 'a first request is one, whether it can be sent again or not',
    },
    yes: {
      says: 'a first request that is sent again after a failed connect, an empty answer and a timeout (retry-on) gets a connection as a later one does',
      rules: ['connect.pool.retriable'],
    },
  }),
  /** conn_backend_get, step 4: which other threads are visited. */
  takeoverStart: choice('conn_backend_get', FILE, 'after-next', {
    'after-next': {
      says: 'the search for a connection of another thread begins after the thread that is next, which is never visited',
    },
    next: {
      says: 'the search for a connection of another thread begins at the thread that is next, and visits each once',
    },
  }),
  /** conn_backend_get, step 5: where a connection that was idle goes. */
  poolLends: choice('conn_backend_get', FILE, 'never', {
    never: {
      says: 'a connection from the pool becomes available to all sessions',
    },
    safe: {
      says: 'a connection from the pool becomes available to all sessions; but under http-reuse safe one whose streams can hold each other up is lent to the session that asks',
      rules: ['backend-get.own.lent', 'backend-get.takeover.lent'],
    },
  }),
} as const;
