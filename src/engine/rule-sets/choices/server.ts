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
