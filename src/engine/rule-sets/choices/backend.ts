import { choice } from './choice.ts';

const FN = 'connect_server';
const FILE = 'src/backend.c';

/** What differs in src/backend.c, in the order in which a connection meets it. */
export const BACKEND_CHOICES = {
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
  /** connect_server, step 16: what is listed as soon as its mux is installed. */
  listAtMuxInstall: choice(FN, FILE, 'nothing', {
    private: {
      says: 'a private connection joins the list of its session as soon as its mux is installed',
      rules: ['connect.install.private-listed'],
    },
    nothing: {
      says: 'a private connection with its mux stays out of any list until a stream leaves it',
      rules: ['connect.install.private-unlisted'],
    },
  }),
} as const;
