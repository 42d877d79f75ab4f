import { MUX_PT_CTX } from '../../../state/mux.ts';
import { CO_FL_ANY_SH, CO_FL_ERROR, type Connection } from '../../objects/connection-t.ts';
import { struct } from '../../objects/fields/struct.ts';
import { type MuxContext, type MuxOps, NO_STREAMS } from '../../objects/mux-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Session } from '../../objects/session-t.ts';
import { ConnStream } from '../../objects/stream-t.ts';
import type { World } from '../../objects/world.ts';
import { connFree, connFullClose } from '../connection.ts';

const detach = rulesOf('mux_pt_detach', 'src/mux_pt.c');
const KEPT = detach(
  'pt.detach.kept',
  '{0|the connection} is kept without a stream: it has an owner[ ({1})], no error, and is not shut',
  'conn used_streams avail_streams SESS_IDLE idle_conns list listed_in owner',
);
const RELEASED = detach(
  'pt.detach.released',
  '{0|the connection} {1|has no owner, is in error or shut}: it is released',
  'conn list',
);

/** `struct mux_pt_ctx` of src/mux_pt.c: bytes pass through for one stream. */
export class MuxPtCtx extends struct(MUX_PT_CTX) implements MuxContext {
  readonly mux = muxPt;
  readonly orphans = NO_STREAMS;
  readonly closing = false;

  get streams(): readonly ConnStream[] {
    return this.cs ? [this.cs] : [];
  }

  servesOn(): boolean {
    return false;
  }

  usedStreams(): number {
    return this.cs ? 1 : 0;
  }

  availStreams(): number {
    return this.cs ? 0 : 1;
  }

  blank(): MuxPtCtx {
    return new MuxPtCtx();
  }
}

function ptContext(conn: Connection): MuxPtCtx {
  if (conn.ctx instanceof MuxPtCtx) return conn.ctx;
  throw new Error(`connection ${conn.id} has no PT mux`);
}

/** mux_pt_attach, src/mux_pt.c; semantics 3.17. */
function muxPtAttach(w: World, conn: Connection, strm: string, sess: Session): ConnStream | null {
  if (!w.alloc('conn_stream')) return null;
  w.touch(conn);
  const cs = new ConnStream(strm, conn, sess);
  ptContext(conn).cs = cs;
  return cs;
}

/** mux_pt_destroy, src/mux_pt.c, counted as `mux_release`; semantics 3.16. */
function muxPtDestroy(w: World, conn: Connection): void {
  w.enter('mux_release', conn);
  w.touch(conn);
  conn.ctx = null;
  connFullClose(w, conn);
  connFree(w, conn);
}

/** mux_pt_destroy_meth, src/mux_pt.c, counted as `mux_destroy`; semantics 3.16. */
function muxPtDestroyMeth(w: World, conn: Connection): void {
  w.enter('mux_destroy', conn);
  if (!ptContext(conn).cs) muxPtDestroy(w, conn);
}

/** mux_pt_detach, src/mux_pt.c; semantics 3.21. No session list, no idle check, no pool. */
function muxPtDetach(w: World, cs: ConnStream): void {
  const conn = cs.conn;
  w.touch(conn);
  if (conn.owner && !conn.has(CO_FL_ANY_SH)) {
    w.log.decide(KEPT, conn, conn.owner);
    ptContext(conn).cs = null;
    return;
  }
  const why = conn.has(CO_FL_ERROR) ? 'is in error' : 'is shut';
  w.log.decide(RELEASED, conn, conn.owner ? why : 'has no owner');
  muxPtDestroy(w, conn);
}

/** mux_pt_ops of src/mux_pt.c. */
export const muxPt: MuxOps = {
  name: 'pt',
  fields: MUX_PT_CTX,
  takesOver: false,
  holRisk: false,
  init(_conn, cs) {
    const ctx = new MuxPtCtx();
    ctx.cs = cs;
    return ctx;
  },
  attach: muxPtAttach,
  detach: muxPtDetach,
  destroy: muxPtDestroyMeth,
  release: muxPtDestroy,
};
