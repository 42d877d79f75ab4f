import { choice } from './choice.ts';

const FNS = 'h2_detach, fcgi_detach';
const FILES = 'src/mux_h2.c, src/mux_fcgi.c';

/** What differs in the multiplexers. */
export const MUX_CHOICES = {
  /** h1_detach: which idle private connections are added and counted. */
  h1DetachAlwaysLists: choice('h1_detach', 'src/mux_h1.c', 'ownerless', {
    all: {
      says: 'a private connection that gets idle is added to the session and counted, every time',
      rules: ['h1.detach.private'],
    },
    ownerless: {
      says: 'a private connection that gets idle is adopted, added and counted if nobody owns it',
      rules: ['h1.detach.private-adopted', 'h1.detach.private-owned'],
    },
  }),
  /** h2_detach and fcgi_detach: whether private connections go a way of their own. */
  muxDetachSplits: choice(FNS, FILES, 'no', {
    no: {
      says: 'private or not, a connection that keeps other streams becomes available; and one that its creator leaves last is refused by the session if it can be shared',
      rules: [
        'h2.detach.private.available',
        'h2.detach.shared.checked',
        'fcgi.detach.private.available',
        'fcgi.detach.shared.checked',
        'session.check-idle.shareable',
      ],
    },
    yes: {
      says: 'a private connection is never made available by a stream that leaves, and one that can be shared is never asked of a session',
      rules: ['h2.detach.private.streams-left', 'fcgi.detach.private.streams-left'],
    },
  }),
  /** h2_detach and fcgi_detach: which private connections are added when a stream leaves. */
  muxDetachAlwaysLists: choice(FNS, FILES, 'ownerless', {
    all: {
      says: 'a private connection is added to the session of each stream that leaves it',
      rules: ['h2.detach.private', 'fcgi.detach.private'],
    },
    ownerless: {
      says: 'a private connection that a stream leaves is adopted and added if nobody owns it',
      rules: [
        'h2.detach.private-adopted',
        'h2.detach.private-owned',
        'fcgi.detach.private-adopted',
        'fcgi.detach.private-owned',
      ],
    },
  }),
  /** h2_detach and fcgi_detach: for whom the idle check is made. */
  muxDetachChecksOwner: choice(FNS, FILES, 'leaver', {
    owner: {
      says: 'the owner of a private connection counts it as idle, whoever leaves it last',
      rules: ['session.check-idle.no-session'],
    },
    leaver: {
      says: 'a private connection is counted as idle only if its owner is the one who leaves last',
      rules: ['h2.detach.private.other-owner', 'fcgi.detach.private.other-owner'],
    },
  }),
  /** h2_detach and fcgi_detach: what a shareable connection is to its session when a stream leaves. */
  muxDetachDisowns: choice(FNS, FILES, 'no', {
    no: {
      says: 'a connection that can be shared keeps its owner, also in the pool',
    },
    yes: {
      says: 'a connection that can be shared leaves its owner with the last stream, and becomes available before that only if no session lists it',
      rules: ['h2.detach.disowned', 'fcgi.detach.disowned'],
    },
  }),
  /** What makes a connection unfit for reuse, in the eyes of its mux. */
  muxErrors: choice(
    'h1s_destroy, h2_detach, fcgi_detach',
    'src/mux_h1.c, src/mux_h2.c, src/mux_fcgi.c',
    'of-the-connection',
    {
      'of-the-connection': {
        says: 'a connection that is shut or in error is not kept for another request',
      },
      own: {
        says: 'a connection is not kept for another request if its mux has read that it is shut, or failed over it: what the connection is told and the mux has not read does not count',
      },
    },
  ),
  /** fcgi_attach: what comes of it when there is no memory for a stream. */
  fcgiAttachFails: choice('fcgi_attach', 'src/mux_fcgi.c', 'fails', {
    fails: {
      says: 'a FastCGI connection for whose stream there is no memory takes none: a new connection is made',
    },
    crashes: {
      says: 'a FastCGI connection for whose stream there is no memory destroys the stream that it has not made',
      rules: ['fcgi.attach.crashes'],
    },
  }),
  /** mux_pt_detach: what becomes of a connection that passes bytes through. */
  ptDetach: choice('mux_pt_detach', 'src/mux_pt.c', 'keeps', {
    keeps: {
      says: 'a connection of mode tcp is kept without a stream if it has an owner, no error, and is not shut',
      rules: ['pt.detach.kept', 'pt.detach.released'],
    },
    destroys: {
      says: 'a connection of mode tcp ends with its stream',
      rules: ['pt.detach.destroyed'],
    },
  }),
  /** h1_detach, h2_detach and fcgi_detach: who destroys what the session does not keep idle. */
  refusedIdle: choice(`h1_detach, ${FNS}`, `src/mux_h1.c, ${FILES}`, 'session', {
    session: {
      says: 'session_check_idle_conn destroys a connection that it refuses, on behalf of the owner',
      rules: ['h2.detach.private.other-owner', 'fcgi.detach.private.other-owner'],
    },
    mux: {
      says: 'session_check_idle_conn only judges, on behalf of the session of the stream that leaves: the mux destroys what is refused, and nothing is left to do about what is kept',
      rules: [
        'h1.detach.private.idle',
        'h1.detach.private.refused',
        'h1.detach.private.unlisted',
        'h2.detach.private.refused',
        'h2.detach.private.unlisted',
        'fcgi.detach.private.refused',
        'fcgi.detach.private.unlisted',
      ],
    },
  }),
  /** h2_detach: whether a connection that is dead is looked at for reuse. */
  h2DeadIsKept: choice('h2_detach', 'src/mux_h2.c', 'yes', {
    yes: {
      says: 'whether an H2 connection is dead is asked when nobody has taken it',
    },
    no: {
      says: 'an H2 connection that is dead is released before anybody is asked to take it',
    },
  }),
  /** h2c_is_dead: whether a connection without an owner is dead. */
  h2DeadWithoutOwner: choice('h2c_is_dead', 'src/mux_h2.c', 'yes', {
    yes: {
      says: 'an H2 connection without a stream is dead if it has no owner',
      rules: ['h2.detach.dead.no-owner', 'h2.orphan.dead.no-owner'],
    },
    no: {
      says: 'whether an H2 connection is dead does not depend on its owner',
    },
  }),
  /** h2c_is_dead: which GOAWAY says that the last stream has been. */
  h2LastStream: choice('h2c_is_dead', 'src/mux_h2.c', 'stated', {
    stated: {
      says: 'an H2 connection whose server goes away is dead when the last stream is reached that the GOAWAY names',
    },
    'any-goaway': {
      says: 'an H2 connection whose server goes away is dead when it has no stream left, whichever the GOAWAY names',
      rules: ['h2.dead.goaway'],
    },
  }),
  /** h1_detach: whether the owner of a connection matters. */
  h1LooksAtOwner: choice('h1_detach', 'src/mux_h1.c', 'yes', {
    yes: {
      says: 'an H1 connection loses the owner that leaves it, and one without an owner is released',
      rules: ['h1.detach.disowned', 'h1.detach.release.no-owner', 'h1.detach.kept'],
    },
    no: {
      says: 'the owner of an H1 connection is neither changed nor looked at when a stream leaves',
      rules: ['h1.detach.kept.whoever-owns'],
    },
  }),
} as const;
