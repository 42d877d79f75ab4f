import {
  boolean,
  counter,
  counters,
  countsIf,
  type Fields,
  ifKept,
  knownEntries,
  lists,
  note,
  thread,
  time,
  withinStep,
} from './field.ts';

/** `struct server` of include/haproxy/server-t.h: its lists and its counters. */
export const SERVER = {
  idleConns: lists('idle'),
  safeConns: lists('safe'),
  availableConns: lists('available'),
  /** `idle_conn_list`: idle and safe connections by age, of a release that keeps them so. */
  idleConnList: ifKept(lists('age', 'idle and safe connections, those pooled first in front')),
  currIdleConns: counter('curr_idle_conns'),
  currIdleNb: counter('curr_idle_nb'),
  currSafeNb: counter('curr_safe_nb'),
  currUsedConns: counter('curr_used_conns'),
  maxUsedConns: counter('max_used_conns'),
  estNeedConns: counter('est_need_conns'),
  /** `sess_conns`: the entries of all sessions for it, oldest first; from 3.0.0 on. */
  sessConns: knownEntries(),
  /** Every connection to a server with strict-maxconn. */
  currTotalConns: countsIf(
    'countsTotal',
    ifKept(counter('curr_total_conns', 'connections of a server with strict-maxconn')),
  ),
  /** Private connections that sessions keep idle. */
  currSessIdleConns: countsIf(
    'countsSessIdle',
    ifKept(counter('curr_sess_idle_conns', 'private connections that sessions keep idle')),
  ),
  /** SRV_ADMF_MAINT of `cur_admin`: in maintenance. What looks at it, and what counts for sessions, both came with 3.3.0. */
  maint: countsIf('countsSessIdle', boolean()),
  /** `path_params.nego_alpn`: the number of the mux that was agreed on last; 0: none was. */
  negoAlpn: countsIf('cachesAlpn', counter()),
  /** `path_params.srv_hash`: the key of the connection for which it was; from 3.4.0 on. */
  negoKey: countsIf('cachesAlpn', counter()),
  /** A dynamic server that is gone; connections in the lists of sessions may still point to it. */
  deleted: boolean(),
  /** Idle connections per thread. */
  currIdleThr: counters(),
  /** Whether it is in the purge tree of each thread, 1 or 0; none where there is one tree. */
  inPurgeTrees: counters(),
  /** Thread at which the next takeover starts looking. */
  nextTakeover: thread(),
  /** The key of `idle_node` while that is in the tree `idle_conn_srv`: when the purge is due. */
  purgeDue: time(
    'purge_due',
    'while it is in the purge tree: when a pass is due, true where no "at" is known; else null',
  ),

  // What follows HAProxy does not keep: the invariants are told by it.

  /** Live connections to it; those with an idle time, that are private, that sessions keep idle. */
  liveConns: note(),
  liveIdleConns: note(),
  livePrivateConns: note(),
  liveSessIdleConns: note(),
  /** Invariants that do not hold, as bits; as of the last step that looked. */
  broken: note(),
  /** The step at which it last left the purge tree; 0: it never was in there. */
  purgeLeft: withinStep(note()),
  /** The step that last touched it. */
  touchedAt: withinStep(note()),
} as const satisfies Fields;
