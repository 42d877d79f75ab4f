import { CO_FL_PRIVATE, type Connection } from '../objects/connection-t.ts';
import type { Session } from '../objects/session-t.ts';
import { rules340 } from '../rule-sets/sets/3.4.0.ts';
import { rules08016ab82 } from '../rule-sets/sets/08016ab82.ts';
import { idText } from '../view/readings.ts';
import type { InvariantOf } from './invariant.ts';

/** One bit per invariant of connections, in the order of their table. */
export const OWNER_FROM_CREATION = 1 << 0;
export const PRIVATE_HAS_OWNER = 1 << 1;
export const PRIVATE_IS_LISTED = 1 << 2;
export const LISTED_BY_OWNER = 1 << 3;
export const LISTED_BY_AUTHENTICATED = 1 << 4;
export const LISTED_NOT_POOLED = 1 << 5;
export const OWNER_IS_LIVE = 1 << 6;
export const SESSION_IDLE_IS_LISTED = 1 << 7;
export const IDLE_IS_MARKED = 1 << 8;
export const PRIVATE_TO_ONE_SESSION = 1 << 9;
export const NO_CONNECTING_REUSE = 1 << 10;
export const POOLED_IS_SHAREABLE = 1 << 11;
export const POOLED_HAS_NO_OWNER = 1 << 12;
export const AVAILABLE_HAS_STREAM = 1 << 13;
export const NO_ORPHAN = 1 << 14;
export const POOLED_IS_CONNECTED = 1 << 15;
export const AUTHENTICATED_NOT_SHARED = 1 << 16;
export const REUSABLE_IS_OFFERED = 1 << 17;

/** The session whose list holds the connection, or null. */
export function listerOf(conn: Connection): Session | null {
  return conn.sessionList.list?.entry?.sess ?? null;
}

/** A session in a sentence: `s1`, `s1!freed`, `nobody`. */
function who(sess: Session | null): string {
  return idText(sess) ?? 'nobody';
}

/** The sessions of the streams on a connection, oldest stream first. */
function whoIsOn(conn: Connection): string {
  const streams = conn.ctx?.streams ?? [];
  return [...new Set(streams.map((cs) => who(cs.sess)))].join(' and ');
}

/** In which way others can use a connection that somebody may have authenticated. */
function sharedHow(conn: Connection): string {
  const { id } = conn;
  const met = 'HAProxy looks at the challenges 401 and 407 only';
  if (!conn.has(CO_FL_PRIVATE)) {
    return `an answer over ${id} named NTLM or Negotiate, and ${id} can be used by other sessions: ${met}`;
  }
  return `${id} is authenticated, and serves another request of ${who(conn.owner)}: its clients may differ, as behind a proxy that shares one connection among users`;
}

/** The invariants of connections. */
export const CONN_INVARIANTS: readonly InvariantOf<Connection>[] = [
  {
    bit: OWNER_FROM_CREATION,
    name: 'owner-from-creation',
    says: 'Until its first stream leaves, a connection is owned by the session it was made for.',
    source: 'V1, a promise of 08016ab82',
    severity: 'broken',
    since: rules08016ab82,
    // d93c53b0d: only what is private or lent has an owner.
    until: rules340,
    tells: (conn) => `${conn.id} was made for ${who(conn.creator)}, and ${who(conn.owner)} owns it`,
  },
  {
    bit: PRIVATE_HAS_OWNER,
    name: 'private-has-owner',
    says: 'A private connection has an owner for as long as it lives.',
    source: 'V2, a promise of 08016ab82; B1, B2',
    severity: 'broken',
    since: rules08016ab82,
    tells: (conn) => `${conn.id} is private, and nobody owns it`,
  },
  {
    bit: PRIVATE_IS_LISTED,
    name: 'private-is-listed',
    says: 'A private connection with a mux is in a session list, unless listing ran out of memory, or its release looks for none of tcp.',
    source: 'V3, a promise of 08016ab82; B17',
    severity: 'broken',
    since: rules08016ab82,
    tells: (conn) => `${conn.id} is private and has its mux, and no session lists it`,
  },
  {
    bit: LISTED_BY_OWNER,
    name: 'listed-by-owner',
    says: 'A session lists only connections that it owns, private ones and, where its release lends any, those lent to it.',
    source: 'V4; B2',
    severity: 'broken',
    since: null,
    tells: (conn) => `${who(listerOf(conn))} lists ${conn.id}, and ${who(conn.owner)} owns it`,
  },
  {
    bit: LISTED_BY_AUTHENTICATED,
    name: 'listed-by-authenticated',
    says: 'A connection that a session has authenticated on is never listed by another session.',
    source: 'V16',
    severity: 'broken',
    since: null,
    tells: (conn) =>
      `${who(conn.challenged)} has authenticated on ${conn.id}, and ${who(listerOf(conn))} lists it`,
  },
  {
    bit: LISTED_NOT_POOLED,
    name: 'listed-not-pooled',
    says: 'A connection in a session list is in no list of a server, and not counted idle there.',
    source: 'V5',
    severity: 'broken',
    since: null,
    tells: (conn) => `${conn.id} is in a session list, and a server lists it or counts it idle`,
  },
  {
    bit: OWNER_IS_LIVE,
    name: 'owner-is-live',
    says: 'No connection points to a session that has ended.',
    source: 'V6, V18; B8',
    severity: 'broken',
    since: null,
    tells: (conn) => `${conn.id} points to ${conn.owner?.id ?? 'a session'}, which has ended`,
  },
  {
    bit: SESSION_IDLE_IS_LISTED,
    name: 'session-idle-is-listed',
    says: 'A connection that is marked idle for its session is in a session list, without a stream.',
    source: 'V7; B17',
    severity: 'broken',
    since: null,
    tells: (conn) =>
      `${conn.id} is marked idle, and ${conn.sessionList.linked ? 'carries a stream' : 'no session lists it'}`,
  },
  {
    bit: IDLE_IS_MARKED,
    name: 'idle-is-marked',
    says: 'A connection in a session list that has no stream is marked idle.',
    source: 'V9; B5, B6, B18',
    severity: 'broken',
    since: null,
    tells: (conn) =>
      `${conn.id} has no stream in the list of ${who(listerOf(conn))}, and is not marked idle`,
  },
  {
    bit: PRIVATE_TO_ONE_SESSION,
    name: 'private-to-one-session',
    says: 'A private connection carries streams of one session only, its owner if it has one.',
    source: 'V15; B2',
    severity: 'broken',
    since: null,
    tells: (conn) =>
      `${conn.id} is private, ${who(conn.owner)} owns it, and it carries streams of ${whoIsOn(conn)}`,
  },
  {
    bit: NO_CONNECTING_REUSE,
    name: 'no-connecting-reuse',
    says: 'No request finds a connection in its session list that is still connecting.',
    source: 'V20; B4',
    severity: 'broken',
    since: null,
    tells: (conn) => `${conn.id} is still connecting, and was found for one more stream`,
  },
  {
    bit: POOLED_IS_SHAREABLE,
    name: 'pooled-is-shareable',
    says: 'A connection in the idle pool is not private, in no session list, and has no stream.',
    source: 'V11',
    severity: 'broken',
    since: null,
    tells: (conn) => `${conn.id} is in the idle pool, and not free for anybody`,
  },
  {
    bit: POOLED_HAS_NO_OWNER,
    name: 'pooled-has-no-owner',
    says: 'A connection in the idle pool points to no session.',
    source: 'V12; B8',
    severity: 'broken',
    since: null,
    tells: (conn) => `${conn.id} is in the idle pool, and points to ${who(conn.owner)}`,
  },
  {
    bit: AVAILABLE_HAS_STREAM,
    name: 'available-has-stream',
    says: 'A connection in the available list carries a stream.',
    source: 'B10',
    severity: 'broken',
    since: null,
    tells: (conn) => `${conn.id} is in the available list, and has no stream`,
  },
  {
    bit: NO_ORPHAN,
    name: 'no-orphan',
    says: 'A connection that could serve has a stream, or is in some list.',
    source: 'V17; B3, B14',
    severity: 'broken',
    since: null,
    tells: (conn) => `${conn.id} is alive, without a stream and in no list`,
  },
  {
    bit: POOLED_IS_CONNECTED,
    name: 'pooled-is-connected',
    says: 'No connection whose handshake never ended, and that a stream has given up, is in an idle, a safe or an available list, or was taken from there.',
    source: 'V20, of the pool; haproxy#2092',
    severity: 'broken',
    isAside: true,
    since: null,
    tells: ({ id, list, streams }) =>
      `${id} never finished its handshake, and ${list.list === null ? 'was taken from the pool' : `is in the ${list.list.name} list`}${streams > 0 ? `, with ${streams} stream(s)` : ''}`,
  },
  {
    bit: AUTHENTICATED_NOT_SHARED,
    name: 'authenticated-is-not-shared',
    says: 'A connection over which an answer has named NTLM or Negotiate is private, and serves one user, although HAProxy looks at the challenges 401 and 407 only, and knows sessions and not users.',
    source: 'V15, of users and not of sessions; haproxy#2985',
    severity: 'hint',
    isAside: true,
    since: null,
    tells: sharedHow,
  },
  {
    bit: REUSABLE_IS_OFFERED,
    name: 'reusable-is-offered',
    says: 'A connection that any session could use is not closed when its last stream leaves, unless its server was asked to keep it.',
    source: 'V17, of what is closed and not of what is lost; B16, B30',
    severity: 'broken',
    since: null,
    tells: ({ id, srv }) =>
      `${id} could serve any session, and is closed; ${srv?.id ?? 'its server'} was not asked to keep it`,
  },
];
