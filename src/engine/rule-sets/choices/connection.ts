import { choice } from './choice.ts';

/** What differs in src/connection.c and include/haproxy/connection.h. */
export const CONNECTION_CHOICES = {
  /** conn_set_private: whether a connection that becomes private leaves a list of its server. */
  privacyUnlinks: choice('conn_set_private', 'include/haproxy/connection.h', 'no', {
    no: {
      says: 'a connection that becomes private stays in the list that it is in',
      rules: ['conn.flag-private', 'conn.flag-private.already'],
    },
    yes: {
      says: 'conn_set_private makes a connection private, and takes it out of the list that it is in',
      rules: ['conn.set-private', 'conn.set-private.already', 'conn.set-private.unlinked'],
    },
  }),
  /** conn_free: what must not be any more. */
  freeAsserts: choice('conn_free', 'include/haproxy/connection.h', 'nothing', {
    nothing: {
      says: 'a connection is freed wherever it is',
    },
    'no-tree': {
      says: 'a connection is freed in no tree of its server: one that is in a tree still ends the program',
      rules: ['conn.free.in-tree'],
    },
  }),
  /** conn_create_mux: what is listed when the mux had to wait for the handshake. */
  listAtMuxCreation: choice('conn_create_mux', 'src/connection.c', 'nothing', {
    private: {
      says: 'a private connection that waited for its mux joins the list of its session with it',
      rules: ['create-mux.private-listed'],
    },
    nothing: {
      says: 'a private connection that waited for its mux is never listed',
      rules: ['create-mux.private-unlisted'],
    },
  }),
  /** What the stream does when no mux could be created, and no error tells it. */
  streamWithoutMux: choice('si_cs_send', 'src/stream_interface.c', 'sends', {
    sends: {
      says: 'a stream that is woken without an error sends through the mux, also where there is none',
      rules: ['create-mux.failed'],
    },
    waits: {
      says: 'a stream that is woken without an error waits for as long as there is no mux',
      rules: ['create-mux.failed.waits'],
    },
  }),
  /** conn_install_mux_be: whose a connection is that gets its mux. */
  ownerWithMux: choice('conn_install_mux_be', 'src/connection.c', 'kept', {
    kept: {
      says: 'a connection keeps its owner when it gets its mux',
    },
    'private-or-lent': {
      says: 'a connection that is neither private nor, under http-reuse safe, to be lent has no owner any more when it gets its mux',
      rules: ['mux.install.disowned'],
    },
  }),
  /** connect_server and the TLS layer: for which connections a server remembers its protocol. */
  alpnIsOf: choice('conn_install_mux_be', 'src/connection.c', 'server', {
    server: {
      says: 'what one connection to a server has agreed on (alpn) goes for all of them',
    },
    key: {
      says: 'what one connection to a server has agreed on (alpn) goes for those of its key',
    },
  }),
  /** tcpcheck_eval_connect, with check-reuse-pool: whose connections a check may have. */
  checkReuse: choice('tcpcheck_eval_connect', 'src/tcpcheck.c', 'none', {
    none: {
      says: 'a check makes a connection of its own, which is private',
    },
    found: {
      says: 'a check is served by a connection that is there, if it may be (check-reuse-pool); else it makes a private one, which nobody has after it',
      rules: ['check.reuse', 'check.reuse.nothing'],
    },
    kept: {
      says: 'a check is served by a connection that is there, if it may be (check-reuse-pool); else it makes one that others may have after it',
      rules: ['check.reuse', 'check.reuse.nothing', 'check.connect.shared'],
    },
  }),
} as const;
