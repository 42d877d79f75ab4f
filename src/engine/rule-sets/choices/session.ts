import { choice } from './choice.ts';

const FILE = 'include/haproxy/session.h';

/** What differs in include/haproxy/session.h. */
export const SESSION_CHOICES = {
  /** session_add_conn: whether a linked connection or a foreign owner is a success without insertion. */
  addChecksOwner: choice('session_add_conn', FILE, 'no', {
    yes: {
      says: 'adding a connection that is listed, or that another session owns, succeeds and does nothing',
      rules: ['session.add.already-linked', 'session.add.not-owner'],
    },
    'if-owned': {
      says: 'adding a connection that is listed, or that another session owns, succeeds and does nothing; one that nobody owns is listed, and has no owner then either',
      rules: ['session.add.already-linked', 'session.add.not-owner', 'session.add.ownerless'],
    },
    no: {
      says: 'a connection is added to the list without a look at where it is and whose',
    },
  }),
  /** session_unown_conn or conn_free: who counts an idle connection off that leaves its session. */
  idleIsUncounted: choice('session_unown_conn', FILE, 'conn_free', {
    conn_free: {
      says: 'a connection marked idle is counted off in its owner when it is freed',
      rules: ['conn.free.idle-mark'],
    },
    session_unown_conn: {
      says: 'a connection marked idle is counted off in its owner when it leaves the list of its session',
      rules: ['session.unown.idle-mark'],
    },
  }),
  /** session_unown_conn: what is left of the owner, and what is done for a connection in no list. */
  unownClearsOwner: choice('session_unown_conn', FILE, 'no', {
    no: {
      says: 'a connection that leaves the list of its session keeps its owner; for one in no list the owner is read all the same, which may have ended',
      rules: ['session.unown.unlink', 'session.unown.unlisted'],
    },
    yes: {
      says: 'a connection that leaves the list of its session has no owner any more; for one in no list nothing is done, and its owner is not read',
      rules: ['session.unown.disowned', 'session.unown.not-listed'],
    },
  }),
  /** session_check_idle_conn: whether a foreign owner is a success without counting. */
  idleCheckSkipsForeignOwner: choice('session_check_idle_conn', FILE, 'no', {
    yes: {
      says: 'a connection of another owner is kept, and counted nowhere',
      rules: ['session.check-idle.not-owner'],
    },
    no: {
      says: 'any private connection is counted or destroyed, and any shareable one destroyed',
    },
  }),
  /** session_get_conn: whether a connection that is still connecting can be joined. */
  listedConnecting: choice('session_get_conn', FILE, 'joined', {
    joined: {
      says: 'a stream joins a connection that its session lists also while that is connecting',
    },
    'passed-over': {
      says: 'a connection that is still connecting is passed over in the list of the session',
      rules: ['session.get.connecting'],
    },
  }),
} as const;
