import { MultiplexedContext } from '../../engine/functions/mux/multiplexed.ts';
import { H1c } from '../../engine/functions/mux/mux-h1.ts';
import { H2c } from '../../engine/functions/mux/mux-h2.ts';
import {
  CO_FL_ERROR,
  CO_FL_LIST_MASK,
  CO_FL_SOCK_RD_SH,
  CO_FL_SOCK_WR_SH,
  CO_FL_WAIT_XPRT,
  CO_FL_XPRT_READY,
  type Connection,
} from '../../engine/objects/connection-t.ts';
import type { MuxContext } from '../../engine/objects/mux-t.ts';
import type { EventOf, MuxName, UpdateFlagName } from '../../format/index.ts';
import { onThread } from './inputs.ts';
import type { MoveList } from './move-list.ts';

type Update = Omit<EventOf<'conn_update'>, 'event' | 'conn'>;

/** The outside world and the mux act on connections that live on every side. */
export function addConnectionMoves(list: MoveList): void {
  const { sides } = list.scene;
  for (let at = 0; at < list.scene.side.conns.length; at++) {
    const conns = sides.map((side) => side.conns[at] ?? null);
    const [conn] = conns;
    if (!conn || conns.some((each) => each === null || each.freed)) continue;
    const thread = list.scene.side.threads.get(conn.id);
    if (sides.some((side) => side.threads.get(conn.id) !== thread)) continue;
    const put = (update: Update): void => {
      list.add(onThread({ event: 'conn_update', conn: conn.id, ...update }, thread));
    };
    addMux(list, conn, thread);
    addUpdates(list, conn, put);
    addRelease(list, conns as Connection[], thread);
    addIo(list, conns as Connection[], thread);
  }
}

/** The handshake is over and a delayed mux is made. Of a connection in error nothing comes. */
function addMux(list: MoveList, conn: Connection, thread: number | undefined): void {
  if (conn.ctx !== null || conn.cs === null) return;
  if (!conn.has(CO_FL_XPRT_READY) || conn.has(CO_FL_ERROR)) return;
  if (list.choices.handshakes && conn.has(CO_FL_WAIT_XPRT)) return;
  const muxes: readonly MuxName[] = list.choices.offersH2.has(conn.target.id)
    ? ['h2', 'h1']
    : ['h1'];
  for (const mux of muxes) {
    const event: EventOf<'conn_create_mux'> = {
      event: 'conn_create_mux',
      conn: conn.id,
      mux,
    };
    list.addFailing(onThread(event, thread), ['mux', 'sess_srv_list']);
  }
}

function addUpdates(list: MoveList, conn: Connection, put: (update: Update) => void): void {
  const { choices } = list;
  const { ctx } = conn;
  if (conn.has(CO_FL_WAIT_XPRT) && conn.has(CO_FL_XPRT_READY)) put({ clear: ['WAIT_XPRT'] });
  if (choices.io && conn.has(CO_FL_LIST_MASK)) put({ requeue: true });
  if (choices.connectionErrors) addErrors(list, conn, put);
  if (choices.handshakes && conn.has(CO_FL_WAIT_XPRT)) return;
  if (ctx instanceof H2c && !ctx.goaway && mayGoAway(choices, ctx)) put({ goaway: true });
  if (!(ctx instanceof MultiplexedContext)) return;
  for (const limit of choices.streamsLimits) {
    if (ctx.streamsLimit !== limit) put({ streams_limit: limit });
  }
}

/** Whether the server may say that it takes no more streams. */
function mayGoAway({ goaway }: MoveList['choices'], { streams }: MuxContext): boolean {
  return goaway === 'in-use' ? streams.length > 0 : goaway;
}

/**
 * An H2 connection with streams that fails leaves the list of a server at once. Its mux, where it
 * has flags of its own, sees what happens to the connection when it happens.
 */
function addErrors(list: MoveList, conn: Connection, put: (update: Update) => void): void {
  const { ctx } = conn;
  const isAsked = list.scene.sides.some(({ world }) => world.rules.muxErrors === 'own');
  const hasFlags = isAsked && ctx !== null && ctx.mux.name !== 'pt';
  const leaves = ctx instanceof H2c && ctx.streams.length > 0 && conn.list.linked;
  const set = (isSet: boolean, flag: UpdateFlagName, ofMux?: UpdateFlagName): void => {
    if (isSet) return;
    const flags = hasFlags && ofMux !== undefined ? [flag, ofMux] : [flag];
    put(leaves && ofMux !== undefined ? { set: flags, unlink: true } : { set: flags });
  };
  set(conn.has(CO_FL_ERROR), 'ERROR', 'MUX_ERROR');
  set(conn.has(CO_FL_SOCK_RD_SH), 'SOCK_RD_SH', 'RCVD_SHUT');
  set(conn.has(CO_FL_SOCK_WR_SH), 'SOCK_WR_SH');
  if (ctx !== null && ctx.mux.name !== 'pt' && !isMuxBroken(ctx)) put({ mux_error: true });
}

function isMuxBroken(ctx: MuxContext): boolean {
  if (ctx instanceof H1c) return ctx.csError;
  return ctx instanceof MultiplexedContext && ctx.failed;
}

/** A timeout, or the end of the connection, once no stream is on it. */
function addRelease(list: MoveList, conns: Connection[], thread: number | undefined): void {
  const { choices } = list;
  if (!choices.closes && !choices.connectionErrors) return;
  const [conn] = conns;
  if (!conn || conns.some(({ ctx }) => ctx === null || ctx.streams.length > 0)) return;
  list.add(onThread({ event: 'mux_release', conn: conn.id }, thread));
}

/** I/O on a connection that nobody uses, wherever it waits, by either way that it can come. */
function addIo(list: MoveList, conns: Connection[], thread: number | undefined): void {
  const [conn] = conns;
  if (!list.choices.connIo || !conn) return;
  if (conns.some(({ ctx }) => ctx === null || ctx.streams.length > 0)) return;
  for (const via of ['io', 'wake'] as const) {
    const event: EventOf<'conn_io'> = { event: 'conn_io', conn: conn.id, via };
    // What has to be listed again may find no memory for it.
    list.addFailing(onThread(event, thread), ['sess_srv_list']);
    list.add(onThread({ ...event, released: true }, thread));
  }
}
