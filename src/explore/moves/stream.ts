import {
  CO_FL_SOCK_RD_SH,
  CO_FL_WAIT_XPRT,
  type Connection,
} from '../../engine/objects/connection-t.ts';
import type { ConnStream } from '../../engine/objects/stream-t.ts';
import type { EventOf, FailName } from '../../format/index.ts';
import { onThread, withFds } from './inputs.ts';
import type { MoveList } from './move-list.ts';

type Detach = EventOf<'detach'>;
type DetachInputs = Omit<Detach, 'event' | 'strm'>;

/** What listing a connection in its session allocates. */
const LISTING: readonly FailName[] = ['sess_srv_list'];

const NTLM = { 'WWW-Authenticate': ['NTLM'] };

/** Streams get answers, leave their connection, or end at last after they left while blocked. */
export function addStreamMoves(list: MoveList): void {
  const { sides } = list.scene;
  for (let at = 0; at < list.scene.side.streams.length; at++) {
    const streams = sides.map((side) => side.streams[at] ?? null);
    const [cs] = streams;
    if (!cs || streams.includes(null)) continue;
    const isAttached = sides.every(({ world }) => world.streams.has(cs.strm));
    if (isAttached) {
      const isBound = streams.every((each) => each !== null && isBoundToSession(each));
      if (!isBound) addAnswer(list, cs);
      addDetaches(list, cs, streams);
    } else if (sides.every(({ world }) => world.orphans.has(cs.strm))) addEnds(list, cs);
  }
}

/** The thread that a stream runs on: that of its session, which may have ended since. */
function threadOf({ scene }: MoveList, cs: ConnStream): number | undefined {
  return scene.threads.get(cs.sess.id) ?? scene.side.threads.get(cs.conn.id);
}

/** An answer or a later event of HTTP needs a connection that is established, in reality. */
function isTooEarly({ choices }: MoveList, conn: Connection): boolean {
  return choices.handshakes && conn.has(CO_FL_WAIT_XPRT);
}

/** Whether a challenge has done all that it can: asking again changes nothing. */
function isBoundToSession({ conn, sess }: ConnStream): boolean {
  const isListed = conn.sessionList.list?.entry?.sess === sess;
  return isListed && sess.preferLast && conn.owner === sess && conn.challenged !== null;
}

function addAnswer(list: MoveList, cs: ConnStream): void {
  const { conn, strm } = cs;
  if (!list.choices.authentication || conn.ctx === null || conn.freed) return;
  if (conn.ctx.mux.name === 'pt' || isTooEarly(list, conn)) return;
  const event: EventOf<'http_wait_for_response'> = {
    event: 'http_wait_for_response',
    strm,
    status: 401,
    headers: NTLM,
  };
  list.addFailing(onThread(event, threadOf(list, cs)), LISTING);
}

/** @param streams the same stream on every side */
function addDetaches(
  list: MoveList,
  cs: ConnStream,
  streams: readonly (ConnStream | null)[],
): void {
  const { conn, strm } = cs;
  const thread = threadOf(list, cs);
  const mayBeDead = streams.some((each) => each !== null && isEnding(each.conn));
  for (const inputs of detachInputs(list, conn, mayBeDead)) {
    const event: Detach = onThread({ event: 'detach', strm, ...inputs }, thread);
    for (const fds of list.choices.usedFds) list.addFailing(withFds(event, fds), LISTING);
  }
}

/** What can be true when a stream leaves a connection, by its mux. */
function detachInputs(list: MoveList, conn: Connection, mayBeDead: boolean): DetachInputs[] {
  const { choices, scene } = list;
  const mux = conn.ctx?.mux.name;
  if (mux === undefined || mux === 'pt' || conn.freed) return [{}];
  if (mux === 'h1') {
    const inputs: DetachInputs[] = isTooEarly(list, conn) ? [] : [{}];
    // Without a shutdown, as before a connection timeout’s retry.
    if (scene.budget.retries > 0 || inputs.length === 0) inputs.push({ idle: false });
    if (choices.closes) {
      inputs.push({ idle: false, shutw_now: true });
      inputs.push({ idle: false, shutw_now: true, obuf_data: true });
    }
    if (choices.excessData && !isTooEarly(list, conn)) inputs.push({ excess_data: true });
    if (choices.connectionErrors) inputs.push({ idle: false, mux_error: true });
    return inputs;
  }
  const inputs: DetachInputs[] = [{}];
  if (choices.blocked) inputs.push({ blocked: true });
  if (mayBeDead) inputs.push({ dead: true });
  if (mux === 'fcgi') {
    for (const proto_status of choices.protoStatus) inputs.push({ proto_status });
  }
  return inputs;
}

/** GOAWAY reached, or nothing more to read: only then can the last stream find it dead. */
function isEnding({ ctx, flags }: Connection): boolean {
  return ctx?.closing === true || (flags & CO_FL_SOCK_RD_SH) !== 0;
}

function addEnds(list: MoveList, cs: ConnStream): void {
  const thread = threadOf(list, cs);
  const { strm, conn } = cs;
  list.add(onThread({ event: 'stream_destroy', strm }, thread));
  if (conn.freed) return;
  list.add(onThread({ event: 'stream_destroy', strm, woken: true }, thread));
  if (isEnding(conn)) list.add(onThread({ event: 'stream_destroy', strm, dead: true }, thread));
}
