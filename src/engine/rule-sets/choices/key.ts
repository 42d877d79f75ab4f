import { choice } from './choice.ts';

const FN = 'connect_server';
const FILE = 'src/backend.c';

/** What differs in the key that a request and its connection have in common. */
export const KEY_CHOICES = {
  /** What of a request its connection has to be made with. */
  connKey: choice(FN, FILE, 'target', {
    target: {
      says: 'any connection to its target can serve a request',
    },
    sni: {
      says: 'a connection serves requests of its server name (sni), source address and PROXY header, and of its destination where the server has none of its own',
      rules: ['connect.key', 'session.get.other-key'],
    },
  }),
  /** conn_backend_get and connect_server: the locks on the idle connections of other threads. */
  idleLocks: choice('conn_backend_get, connect_server', FILE, 'none', {
    none: {
      says: 'the idle connections of another thread can always be had',
    },
    tried: {
      says: 'the idle connections of another thread are passed over while somebody else holds their lock',
      rules: ['backend-get.busy', 'connect.pressure.busy'],
    },
  }),
} as const;
