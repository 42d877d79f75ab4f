import type { MultiplexedContext } from '../../engine/functions/mux/multiplexed.ts';
import { FcgiConn } from '../../engine/functions/mux/mux-fcgi.ts';
import { H1c } from '../../engine/functions/mux/mux-h1.ts';
import { H2c } from '../../engine/functions/mux/mux-h2.ts';
import { MuxPtCtx } from '../../engine/functions/mux/mux-pt.ts';
import type { Connection } from '../../engine/objects/connection-t.ts';
import type { MuxContext } from '../../engine/objects/mux-t.ts';
import type { ConnStream } from '../../engine/objects/stream-t.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import { drain } from './drain.ts';
import type { PooledConn } from './side.ts';

/** What a connection has for a mux, in the low bits of a byte; its flags stand above. */
const NO_MUX = 0;
const H1 = 1;
const H2 = 2;
const FCGI = 3;
const PT = 4;
const KIND_BITS = 3;
const KIND_MASK = (1 << KIND_BITS) - 1;

function h1Bits(ctx: H1c): number {
  let bits = ctx.csIdle ? 1 : 0;
  if (ctx.csError) bits |= 2;
  if (ctx.csShutwNow) bits |= 4;
  if (ctx.csShutdown) bits |= 8;
  return ctx.waitNextReq ? bits | 16 : bits;
}

/** The streams that were ever created count only where a server limits them. */
function packMultiplexed(out: ByteWriter, ctx: MultiplexedContext): void {
  out.number(ctx.streamsLimit);
  out.number(ctx.nbStreams);
  if (ctx.maxReuse >= 0) out.number(ctx.streamCnt);
}

/** Writes the context of a connection but for its streams. */
export function packContext(out: ByteWriter, { ctx }: Connection): void {
  if (ctx === null) out.byte(NO_MUX);
  else if (ctx instanceof H1c) out.byte(H1 | (h1Bits(ctx) << KIND_BITS));
  else if (ctx instanceof H2c) {
    const bits = (ctx.goaway ? 1 : 0) | (ctx.failed ? 2 : 0);
    out.byte(H2 | (bits << KIND_BITS));
    packMultiplexed(out, ctx);
  } else if (ctx instanceof FcgiConn) {
    const bits = (ctx.failed ? 1 : 0) | (ctx.keepsConnection ? 2 : 0);
    out.byte(FCGI | (bits << KIND_BITS));
    packMultiplexed(out, ctx);
  } else if (ctx instanceof MuxPtCtx) out.byte(PT);
  else throw new Error(`a mux that states do not know: ${ctx.mux.name}`);
}

function unpackMultiplexed(input: ByteReader, ctx: MultiplexedContext): void {
  ctx.streamsLimit = input.number();
  ctx.nbStreams = input.number();
  ctx.streamCnt = ctx.maxReuse >= 0 ? input.number() : 0;
  drain(ctx.streams);
  drain(ctx.orphans);
}

/** Reads what packContext has written; the streams follow. */
export function unpackContext(input: ByteReader, pooled: PooledConn): MuxContext | null {
  const byte = input.byte();
  const bits = byte >> KIND_BITS;
  switch (byte & KIND_MASK) {
    case H1: {
      const { h1 } = pooled;
      h1.h1s = null;
      h1.csIdle = (bits & 1) !== 0;
      h1.csError = (bits & 2) !== 0;
      h1.csShutwNow = (bits & 4) !== 0;
      h1.csShutdown = (bits & 8) !== 0;
      h1.waitNextReq = (bits & 16) !== 0;
      return h1;
    }
    case H2: {
      const { h2 } = pooled;
      h2.goaway = (bits & 1) !== 0;
      h2.failed = (bits & 2) !== 0;
      unpackMultiplexed(input, h2);
      return h2;
    }
    case FCGI: {
      const { fcgi } = pooled;
      fcgi.failed = (bits & 1) !== 0;
      fcgi.keepsConnection = (bits & 2) !== 0;
      unpackMultiplexed(input, fcgi);
      return fcgi;
    }
    case PT:
      pooled.pt.cs = null;
      return pooled.pt;
    default:
      return null;
  }
}

/** Puts a stream on a connection, as attached or as left while blocked. */
export function placeStream(conn: Connection, cs: ConnStream, isOrphan: boolean): void {
  const { ctx } = conn;
  if (ctx === null) conn.cs = cs;
  else if (ctx instanceof H1c) ctx.h1s = cs;
  else if (ctx instanceof MuxPtCtx) ctx.cs = cs;
  else if (ctx instanceof H2c || ctx instanceof FcgiConn) {
    (isOrphan ? ctx.orphans : ctx.streams).push(cs);
  }
}
