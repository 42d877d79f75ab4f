import { AUTHENTICATED, type Connection } from '../objects/connection-t.ts';
import { rulesOf } from '../objects/rule.ts';
import type { Session } from '../objects/session-t.ts';
import type { ConnStream } from '../objects/stream-t.ts';
import type { World } from '../objects/world.ts';
import { connSetOwner, connSetPrivate } from './connection.ts';

const response = rulesOf('http_wait_for_response', 'src/http_ana.c');
const NO_CHALLENGE = response(
  'auth.none',
  'the answer[ ({1})] asks for neither NTLM nor Negotiate: {0|the connection} stays what it is',
  'PRIVATE owner listed_in list prefer_last',
);
const TAKES_OWNERSHIP = response(
  'auth.private-owned',
  'NTLM or Negotiate: {0|the connection} is bound to {1|the session}, which becomes its owner[ (before: {2})] and is to list it',
  'PRIVATE owner prefer_last@1 ~listed_in',
);
const PRIVATE_LISTED = response(
  'auth.private-listed',
  'NTLM or Negotiate: {0|the connection} is bound to {1|the session}, which is to list it, and to own it by that',
  'PRIVATE prefer_last@1 ~owner ~listed_in',
);
const PRIVATE_ONLY = response(
  'auth.private',
  'NTLM or Negotiate: {0|the connection} is to be private; its owner[ ({2})] and its list are left to the detach',
  'PRIVATE owner listed_in prefer_last@1',
);
const SHARED_STREAMS = response(
  'auth.shared-streams',
  'NTLM or Negotiate over {0|the connection}, whose streams are for any session: nothing comes of it, and {1|the session} prefers no server for it',
  'PRIVATE owner listed_in list prefer_last',
);

/** What of a response head decides, with `headers` as `[lower-case name, values]`. */
export interface ResponseHead {
  readonly status: number;
  readonly headers?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** Splits a header value at commas outside of quotes; blanks around the elements go. */
function listElements(value: string): string[] {
  const elements: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < value.length; i++) {
    const c = value[i];
    if (quoted && c === '\\') i++;
    else if (c === '"') quoted = !quoted;
    else if (c === ',' && !quoted) {
      elements.push(value.slice(start, i).trim());
      start = i + 1;
    }
  }
  elements.push(value.slice(start).trim());
  return elements;
}

/** Does the answer ask for an authentication scheme that identifies the connection itself? */
export function asksForConnectionAuth(head: ResponseHead): boolean {
  const wanted =
    head.status === 401
      ? 'www-authenticate'
      : head.status === 407
        ? 'proxy-authenticate'
        : undefined;
  if (!wanted) return false;
  for (const [name, values] of Object.entries(head.headers ?? {})) {
    if (name.toLowerCase() === wanted && values.some(namesConnectionAuth)) return true;
  }
  return false;
}

/** Does an element of a header value begin with a scheme that identifies the connection? */
function namesConnectionAuth(value: string): boolean {
  const elements = value.includes(',') ? listElements(value) : [value.trim()];
  return elements.some((element) => /^(nego|ntlm)/i.test(element));
}

/** Does an answer of any status name such a scheme? HAProxy asks for the challenges only. */
function namesAnyConnectionAuth({ headers }: ResponseHead): boolean {
  for (const name in headers) {
    const isAsked = /^(?:www|proxy)-authenticate$/i.test(name);
    if (isAsked && headers[name]?.some(namesConnectionAuth)) return true;
  }
  return false;
}

/** fd3ce173a: whether a connection can be bound to a client now. */
function isSeen(w: World, { sessionList, ctx }: Connection): boolean {
  if (w.rules.authenticationIsSeen === 'always') return true;
  return sessionList.linked || ctx?.mux.name === 'h1';
}

/**
 * http_wait_for_response, src/http_ana.c: the authentication check; semantics 3.13, releases R8a.2.
 * Overwrites any owner, even when another session lists the connection.
 *
 * @param sess the session of the stream that received the answer
 */
export function httpWaitForResponse(
  w: World,
  cs: ConnStream,
  sess: Session,
  head: ResponseHead,
): void {
  const conn = cs.conn;
  if (!conn.proven) {
    // What it was taken for, as streams gave it up, it is not.
    if (conn.gaveUp > 0) w.touch(conn);
    conn.proven = true;
  }
  if (!asksForConnectionAuth(head)) {
    if (namesAnyConnectionAuth(head)) {
      w.touch(conn);
      // No challenge: this is the answer to who has authenticated.
      conn.authenticated = Math.max(conn.authenticated, AUTHENTICATED);
    }
    w.log.decide(NO_CHALLENGE, conn, head.status, sess);
    return;
  }
  if (!isSeen(w, conn)) {
    w.log.decide(SHARED_STREAMS, conn, sess);
    return;
  }
  w.touch(sess);
  w.touch(conn);
  sess.preferLast = true;
  conn.challenged ??= sess;
  // Who is asked again has not authenticated yet.
  conn.authenticated = 1;
  if (w.rules.authenticationTakesOwnership === 'yes') {
    // 08016ab82: the connection belongs to the authenticated session from this answer on.
    w.log.decide(TAKES_OWNERSHIP, conn, sess, conn.owner);
    connSetOwner(w, conn, sess);
    connSetPrivate(w, conn);
    w.rules.sessionConns.sessionAddConn(w, conn.owner, conn);
  } else if (w.rules.authenticationTakesOwnership === 'by-listing') {
    // 4fc1e3937: a connection that is shared has no owner that could be asked.
    w.log.decide(PRIVATE_LISTED, conn, sess);
    connSetPrivate(w, conn);
    w.rules.sessionConns.sessionAddConn(w, sess, conn);
  } else {
    w.log.decide(PRIVATE_ONLY, conn, sess, conn.owner ?? undefined);
    connSetPrivate(w, conn);
  }
}
