import type { EventOf, UpdateFlagName } from '../../format/index.ts';
import { MultiplexedContext } from '../functions/mux/multiplexed.ts';
import {
  CO_FL_ANY_SH,
  type Connection,
  IO_FLAGS,
  MUX_FL_ALL,
  MUX_FL_ERROR,
  MUX_FL_RCVD_SHUT,
} from '../objects/connection-t.ts';
import type { World } from '../objects/world.ts';
import { after, HANDSHAKE_OVER, isConnecting } from './impossible-input.ts';

/* What the outside world cannot do to a connection as things stand; see impossible-input.ts. */

const FLAG_WITHOUT_MUX =
  'the mux of {0} can have seen nothing: {0} has none, or one that passes bytes through, and no SOCK_RD_SH or ERROR says as much of {0} itself';

const FRAMES_CONNECTING = after(
  'no frame can have come over {0} while it waits for its handshake',
  HANDSHAKE_OVER,
);
const UNLINKED_FOR_NOTHING =
  'nothing takes {0} from its list: its mux does so for a read shutdown, an error or a GOAWAY; set SOCK_RD_SH or ERROR';
const UNLINKED_BY_OTHERS =
  'only the mux h2 takes a connection like {0} from its list; leave "unlink" out';
const NEVER_UNSEEN = 'what {0} has seen of its peer cannot be undone; leave "goaway":false out';
const NEVER_MENDED = 'an error of the mux of {0} is for ever; leave "mux_error":false out';

/** conn_update */
export function checkUpdate(w: World, conn: Connection, event: EventOf<'conn_update'>): void {
  const { set, clear, unlink } = event;
  if (clear !== undefined) {
    for (const flag of clear) {
      if (set?.includes(flag)) w.log.oddity(conn, `${flag} of {0} cannot be both set and cleared`);
      else if (isForEver(flag)) {
        w.log.oddity(conn, `${flag} of {0} is for ever once it is set; leave it out of "clear"`);
      }
    }
  }
  const { ctx } = conn;
  const hasFlags = ctx !== null && ctx.mux.name !== 'pt';
  if (!hasFlags && set?.some((flag) => isOfMux(flag) && !isOfConnection(conn, flag, set))) {
    w.log.oddity(conn, FLAG_WITHOUT_MUX);
  }
  if (ctx instanceof MultiplexedContext) checkFrames(w, conn, ctx, event);
  if (event.mux_error === false && isFailed(conn)) w.log.oddity(conn, NEVER_MENDED);
  if (!unlink) return;
  if (ctx?.mux.name !== 'h2') w.log.oddity(conn, UNLINKED_BY_OTHERS);
  else {
    const isShut = set?.some((flag) => flag === 'ERROR' || flag === 'SOCK_RD_SH') ?? false;
    const isTold = isShut || event.mux_error === true || event.goaway === true;
    if (!isTold && !ctx.closing && !conn.has(CO_FL_ANY_SH))
      w.log.oddity(conn, UNLINKED_FOR_NOTHING);
  }
}

/** Whether it is of the mux, and not of the connection. */
function isOfMux(flag: UpdateFlagName): boolean {
  return (IO_FLAGS[flag] & MUX_FL_ALL) !== 0;
}

/**
 * Whether what a mux is said to have seen is known of the connection itself. A recorder that knows
 * the connection alone writes both, whether it has a mux or not.
 */
function isOfConnection(
  conn: Connection,
  flag: UpdateFlagName,
  set: readonly UpdateFlagName[],
): boolean {
  const own = flag === 'RCVD_SHUT' ? 'SOCK_RD_SH' : 'ERROR';
  return set.includes(own) || conn.has(IO_FLAGS[own]);
}

/** A mux that fails to send may find out that it was nothing. */
function isForEver(flag: UpdateFlagName): boolean {
  return (IO_FLAGS[flag] & (CO_FL_ANY_SH | MUX_FL_RCVD_SHUT | MUX_FL_ERROR)) !== 0;
}

function isFailed({ ctx }: Connection): boolean {
  return ctx instanceof MultiplexedContext ? ctx.failed : ctx?.closing === true;
}

/**
 * What the peer of a multiplexed connection has sent, and its open streams. These may become fewer
 * before anything was sent: a stream that is given up closes at once (h2s_close, src/mux_h2.c).
 */
function checkFrames(
  w: World,
  conn: Connection,
  ctx: MultiplexedContext,
  { clear, nb_streams, streams_limit, goaway }: EventOf<'conn_update'>,
): void {
  const isOver = clear?.includes('WAIT_XPRT') ?? false;
  const isSent = streams_limit !== undefined || goaway === true;
  if (isSent && !isOver && isConnecting(conn)) w.log.oddity(conn, FRAMES_CONNECTING);
  if (nb_streams !== undefined && nb_streams > ctx.treeSize) {
    w.log.oddity(
      conn,
      `{0} has ${ctx.treeSize} stream(s): it cannot have ${nb_streams} that are open`,
    );
  }
  if (goaway === false && ctx.goaway) w.log.oddity(conn, NEVER_UNSEEN);
}
