import { choice } from './choice.ts';

/** What differs in src/server.c. */
export const SERVER_CHOICES = {
  /** srv_cleanup_idle_connections: how the need goes down, and when a server is looked at again. */
  purgeNeed: choice('srv_cleanup_idle_connections', 'src/server.c', 'rounded-up', {
    'rounded-up': {
      says: 'the need goes half the way to the peak, rounded up; a server of which nothing had to go is looked at again when it pools another connection',
      rules: ['purge.needed', 'purge.excess', 'purge.stays'],
    },
    'rounded-down': {
      says: 'the need goes half the way to the peak, rounded down; a server is looked at again for as long as it has idle connections',
      rules: ['purge.needed.again', 'purge.excess.again', 'purge.stays.idle'],
    },
    'oldest-first': {
      says: 'the need goes half the way to the peak, rounded down, and what is not needed goes by its age; a server is looked at again for as long as it has idle connections',
      rules: ['purge.needed.again', 'purge.excess.by-age', 'purge.stays.idle'],
    },
  }),
  /** srv_release_conn: whether a connection that a server gives up is still marked as pooled. */
  releaseUnmarks: choice('srv_release_conn', 'src/server.c', 'no', {
    no: {
      says: 'a connection that its server gives up keeps the mark of the pool that it was in',
    },
    yes: {
      says: 'a connection that its server gives up is not marked as pooled any more',
    },
  }),
  /** conn_get_idle_flag, or LIST_MASK: what I/O means for a connection that waits to be removed. */
  ioOnRemoval: choice('h1_io_cb, conn_notify_mux', 'src/mux_h1.c, src/connection.c', 'pools', {
    pools: {
      says: 'a connection that waits to be removed, and over which something comes, is pooled again',
    },
    ignored: {
      says: 'a connection that waits to be removed stays where it is, whatever comes over it',
      rules: ['io.requeue.removal'],
    },
  }),
} as const;
