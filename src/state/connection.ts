import { IO_FLAGS, OWNERSHIP_FLAGS } from './co-fl.ts';
import {
  aside,
  boolean,
  context,
  counter,
  countsIf,
  entryNode,
  type Fields,
  flags,
  follows,
  ifApart,
  link,
  node,
  note,
  removalNode,
  withinStep,
} from './field.ts';
import { told, type Unsaid } from './told.ts';

/** `struct connection` of include/haproxy/connection-t.h. */
export const CONNECTION = {
  /** May dangle: the session is then freed. Written by setOwner() only. */
  owner: link('sess', 'owner', 'session id, null, or "s1!freed" when it dangles'),
  flags: flags(
    [...Object.values(OWNERSHIP_FLAGS), ...Object.values(IO_FLAGS)],
    told('flags', 'ownership', 'exactly these, in any order'),
  ),
  /** Link in the list of one session entry. */
  sessionList: entryNode('listed_in', 'session whose server list holds it'),
  /** Link in at most one of idle, safe and available, and of the removal list where that is one. */
  list: node('list'),
  /** `toremove_list`: link in a removal list that the places of the pool know nothing of. */
  toremoveList: ifApart(
    removalNode('toremove', 'on the removal list of a thread, wherever else it is'),
  ),
  /** `hash_node.key`, as a number of the world; 0 is the empty key. Looked at where pools are trees. */
  key: countsIf('isKeyed', counter()),
  /** `idle_list`: link in the idle and safe connections of a thread, by age. */
  idleList: node(),
  /** The mux and its context: `mux` and `ctx` of a connection that has a mux. */
  ctx: context(told('mux', 'mux'), told('used_streams', 'used'), told('avail_streams', 'free')),
  /** `ctx` of a connection that has no mux yet: the stream that waits for it. */
  cs: follows(link('strm')),
  freed: boolean(),
  /** An iterator of conn_backend_get() holds the element of `list`: deleting it spins. */
  listBusy: withinStep(boolean()),

  // What follows HAProxy does not keep: the invariants are told by it.

  /** A request found it in its session's list before it was connected. */
  joinedEarly: boolean(),
  /** `idle_time > 0`: the server counts it as idle, not as used. Written by setIdleTime() only. */
  countedIdle: boolean(),
  /** The session that it was made for, until a stream leaves. */
  creator: link('sess'),
  /** The session whose request first met a challenge that binds the connection. */
  challenged: link('sess'),
  /** An answer has named NTLM or Negotiate: 1 for a challenge, and one more for each stream since. */
  authenticated: aside(note()),
  /** Something has come over it, whatever CO_FL_WAIT_XPRT says: the handshake is over. */
  proven: aside(boolean()),
  /** Streams that have left it while it waited for its handshake; see `noteGivenUp`. */
  gaveUp: aside(note()),
  /** Link among the connections of its owner. */
  ownerLink: follows(node()),
  /** Streams that hold it. */
  streams: note(),
  /** Invariants that do not hold, as bits; as of the last step that looked. */
  broken: note(),
  /** The step that last touched it. */
  touchedAt: withinStep(note()),
  /** The step at which its last stream left it to whoever else comes; 0: none did. */
  leftReusable: withinStep(note()),
  /** A number of whoever walks over the objects; means nothing to the engine. */
  place: withinStep(note()),
} as const satisfies Fields;

/** What the trace leaves unsaid and a reader wants to know: of which field, and how it is told. */
export const CONNECTION_UNSAID = [
  ['target', told('target', 'target')],
  ['ctx', told('streams', 'attached')],
  ['ctx', told('orphans', 'orphans')],
  ['flags', told('io', 'io')],
] as const satisfies Unsaid;
