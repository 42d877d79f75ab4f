import type { Connection } from '../../objects/connection-t.ts';
import type { MuxContext } from '../../objects/mux-t.ts';
import type { Rule } from '../../objects/rule.ts';
import type { Session } from '../../objects/session-t.ts';
import { setOwner } from '../../objects/tracked.ts';
import type { World } from '../../objects/world.ts';

/*
 * 697f7d114: how a mux keeps a private connection for the session of the stream that leaves it, and
 * nobody else's; releases R9.2, R10.2.
 */

/** The rules of one mux, under its own function name. */
export interface KeepPrivateRules {
  readonly lists: Rule;
  readonly addFailed: Rule;
  readonly addFailedOwned: Rule;
  readonly unlisted: Rule;
  readonly streamsLeft: Rule;
  readonly idle: Rule;
  readonly sessionRefuses: Rule;
}

/** TASK_F_USR1: from here on an I/O callback has to see whether somebody has taken the connection. */
export function markIdle(w: World, conn: Connection): void {
  if (!w.rules.idleIo.looksAtLists) return;
  w.touch(conn);
  conn.usr1 = true;
}

/**
 * The private part of a detach: what no stream is left on is idle in the session, or ends.
 *
 * @param streams how many streams are left, blocked ones included
 * @returns whether streams keep the connection: else nothing is left to do
 */
export function keepPrivateIdle(
  w: World,
  conn: Connection,
  ctx: MuxContext,
  sess: Session | null,
  streams: number,
  rules: KeepPrivateRules,
): boolean {
  const { sessionConns } = w.rules;
  w.log.decide(rules.lists, conn, sess);
  if (!sessionConns.sessionAddConn(w, sess, conn)) failedToList(w, conn, sess, rules);
  if (streams > 0) {
    w.log.decide(rules.streamsLeft, conn, streams);
    return true;
  }
  if (!conn.sessionList.linked) {
    w.log.decide(rules.unlisted, conn);
    ctx.mux.destroy(w, conn);
    return false;
  }
  w.log.decide(rules.idle, conn, sess);
  markIdle(w, conn);
  if (sessionConns.sessionCheckIdleConn(w, sess, conn)) return false;
  w.log.decide(rules.sessionRefuses, conn, sess);
  ctx.mux.destroy(w, conn);
  return false;
}

function failedToList(
  w: World,
  conn: Connection,
  sess: Session | null,
  rules: KeepPrivateRules,
): void {
  // 90b2154d9: the session owns it all the same, and the next detach tries again.
  if (w.rules.addOwns === 'asked') {
    w.log.decide(rules.addFailedOwned, conn, sess);
    return;
  }
  w.log.decide(rules.addFailed, conn, sess);
  w.touch(conn);
  setOwner(conn, null);
}
