import { choice } from './choice.ts';

/** What differs in what becomes of connections that nobody uses just now. */
export const DETACHED_CHOICES = {
  /** h1s_destroy: a connection that is not idle when its stream leaves it. */
  h1NotIdle: choice('h1s_destroy', 'src/mux_h1.c', 'kept', {
    kept: {
      says: 'a connection whose exchange is not complete is kept without a stream if it has an owner, no error, and nobody has shut it',
      rules: ['h1.detach.release.read-shut'],
    },
    shutdown: {
      says: 'a connection whose exchange is not complete is to be shut: it is released at once, or with the last that it has to send',
    },
  }),
  /** h2_process and fcgi_process: an error or the end of what can be read while streams remain. */
  errorUnlinks: choice('h2_process', 'src/mux_h2.c', 'any', {
    any: {
      says: 'a connection in error leaves the list that it is in',
    },
    pooled: {
      says: 'a connection in error leaves the tree that it is in if that is one of the pool: among the available ones it stays until it is looked up',
      rules: ['io.unlink.available'],
    },
  }),
  /** srv_cleanup_connections: a server whose pool takes nothing. */
  cleanupOfNoPool: choice('srv_cleanup_connections', 'src/server.c', 'reads', {
    reads: {
      says: 'all idle connections are asked to go, also where there is no pool (pool-max-conn 0)',
      rules: ['removal.no-lists'],
    },
    returns: {
      says: 'nothing is asked to go where there is no pool (pool-max-conn 0)',
      rules: ['maintenance.no-pool'],
    },
  }),
  /** del server: which dynamic servers can be deleted, and what becomes of connections to them. */
  delServer: choice('cli_parse_delete_server', 'src/server.c', 'unknown', {
    unknown: {
      says: 'no server can be deleted',
    },
    'nothing-idle': {
      says: 'a server in maintenance is deleted when it has no stream and nothing idle; private connections in the lists of sessions are forgotten, and their server is gone',
      rules: ['del-server.refused', 'del-server.idle', 'del-server.deleted'],
    },
  }),
} as const;
