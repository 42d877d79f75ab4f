import { Back, type Certainty, type Conn, Front, type Mux, Sess } from './state/objects.ts';
import type { OpenCheck } from './state/thread.ts';
import type { Here, Story } from './story.ts';

/** The frontend that sessions of health checks belong to. */
export const CHECKS = '<checks>';

/** What a health check gets: a connection, and whether that was there. */
interface Gets {
  readonly mux: Mux;
  readonly conn: Conn;
  readonly pointer: string | null;
  readonly isReused: boolean;
}

/** A health check connects, or is served by a connection that is there (check-reuse-pool, 3.2). */
export function beginCheck(s: Story, here: Here, check: OpenCheck, gets: Gets): void {
  const { mux, conn, pointer, isReused } = gets;
  const { thread } = here;
  const certainty: Certainty = thread.check === null ? 'guessed' : 'observed';
  const sess = new Sess(thread.number);
  sess.isSeen = true;
  sess.frontend = CHECKS;
  const basis = { place: check.line, lines: [check.line, here.line] } as const;
  sess.intro = s.draft(
    here,
    certainty,
    (names) => ({ event: 'session_new', sess: names.sess(sess), fe: names.frontend(sess) }),
    basis,
  );
  const named = check.server === null ? [] : s.setting.serversNamed(check.server);
  conn.target ??= named.length === 1 ? (named[0] ?? null) : null;
  const front = new Front(null, sess, null, null, thread.number);
  const { kind } = mux;
  const draft = s.draft(
    here,
    certainty,
    (names) => {
      const target = names.target(conn);
      const mayReuse = isReused || s.setting.checkReuses(target);
      return {
        event: mayReuse ? 'check_connect' : 'tcpcheck_eval_connect',
        strm: names.strm(front),
        sess: names.sess(sess),
        target,
        conn: names.connect(conn, isReused).conn,
        mux: kind,
        ...(mayReuse ? { reuse_pool: true } : {}),
      };
    },
    { ...basis, ...(certainty === 'guessed' ? { note: 'taken for a health check' } : {}) },
  );
  const back = new Back(front, conn, mux, pointer, draft);
  front.back = back;
  front.isCheck = true;
  front.connects = 1;
  mux.backs.set(pointer ?? '', back);
  conn.streams.add(back);
  conn.last = draft;
  conn.intro ??= draft;
  thread.check = null;
}
