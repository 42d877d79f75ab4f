import { FcgiConn } from '../../engine/functions/mux/mux-fcgi.ts';
import { H1c } from '../../engine/functions/mux/mux-h1.ts';
import { H2c } from '../../engine/functions/mux/mux-h2.ts';
import { MuxPtCtx } from '../../engine/functions/mux/mux-pt.ts';
import type { Connection } from '../../engine/objects/connection-t.ts';
import { linksTo, namesOf, resetterOf } from '../../engine/objects/fields/struct.ts';
import type { MuxContext } from '../../engine/objects/mux-t.ts';
import type { ConnStream } from '../../engine/objects/stream-t.ts';
import { CONNECTION } from '../../state/connection.ts';
import type { Fields } from '../../state/field.ts';
import { H1C, MULTIPLEXED, MUX_PT_CTX } from '../../state/mux.ts';
import { SERVER } from '../../state/server.ts';
import { SESSION } from '../../state/session.ts';
import { CONN_STREAM } from '../../state/stream.ts';
import type { ByteReader } from './bytes.ts';
import { codecOf } from './codec.ts';
import { ABSENT, placeIn, type Referred, type Refs } from './refs.ts';
import { drain, type PooledConn, type Side } from './side.ts';

/** The fields that point to connections, which have to be there before they are read; or all others. */
function pointing(fields: Fields, toConns: boolean): Fields {
  const names = linksTo('conn', fields);
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => names.includes(name) === toConns),
  );
}

/** Fields that hold the number of a thread: they count where there are several. */
export const THREADS = namesOf(SERVER, 'thread');

/** Fields that hold a time, of which a world knows only that there is one: where time passes. */
export const TIMES = namesOf(SERVER, 'time');

/** What leads a connection: its target. */
const CONN_LEAD = 4;
/** What leads a context: its mux. */
const MUX_LEAD = 3;
/** What leads what a session has of connections: the number of its entries. */
const ENTRIES_LEAD = 4;

/** How each kind of object is packed; what points to connections for itself. */
export const SESSIONS = codecOf(pointing(SESSION, false));
export const CONNS_OF_SESSION = codecOf(pointing(SESSION, true), ENTRIES_LEAD);
export const CONNS_OF_CONN = codecOf(pointing(CONNECTION, true));
export const SERVERS = codecOf(SERVER);
export const STREAMS = codecOf(CONN_STREAM);
const CONNECTIONS = codecOf(pointing(CONNECTION, false), CONN_LEAD);
const H1 = codecOf(H1C, MUX_LEAD);
const MULTI = codecOf(MULTIPLEXED, MUX_LEAD);
const PT = codecOf(MUX_PT_CTX, MUX_LEAD);

const resetConn = resetterOf(CONNECTION);

/** What a connection has for a mux. */
const NO_MUX = 0;
const H1_MUX = 1;
const H2_MUX = 2;
const FCGI_MUX = 3;
const PT_MUX = 4;

/** Writes the context of a connection but for its streams, from a place on; returns the next. */
function writeContext(bytes: Uint8Array, at: number, ctx: MuxContext | null, refs: Refs): number {
  if (ctx === null) {
    bytes[at] = NO_MUX;
    return at + 1;
  }
  if (ctx instanceof H1c) return H1.write(bytes, at, ctx, refs, H1_MUX);
  if (ctx instanceof H2c) return MULTI.write(bytes, at, ctx, refs, H2_MUX);
  if (ctx instanceof FcgiConn) return MULTI.write(bytes, at, ctx, refs, FCGI_MUX);
  if (ctx instanceof MuxPtCtx) return PT.write(bytes, at, ctx, refs, PT_MUX);
  throw new Error(`a mux that states do not know: ${ctx.mux.name}`);
}

/** Reads what writeContext has written; the streams follow. */
function readContext(input: ByteReader, pooled: PooledConn, referred: Referred): MuxContext | null {
  switch (input.peek() >>> (8 - MUX_LEAD)) {
    case H1_MUX:
      H1.read(input, pooled.h1, referred);
      pooled.h1.h1s = null;
      return pooled.h1;
    case H2_MUX:
      return readMultiplexed(input, pooled.h2, referred);
    case FCGI_MUX:
      return readMultiplexed(input, pooled.fcgi, referred);
    case PT_MUX:
      PT.read(input, pooled.pt, referred);
      pooled.pt.cs = null;
      return pooled.pt;
    default:
      input.byte();
      return null;
  }
}

function readMultiplexed(input: ByteReader, ctx: H2c | FcgiConn, referred: Referred): MuxContext {
  MULTI.read(input, ctx, referred);
  drain(ctx.streams);
  drain(ctx.orphans);
  return ctx;
}

/**
 * Writes a connection but for its streams, its lists and what it has of other connections.
 *
 * @returns the place behind it
 */
export function writeConn(
  bytes: Uint8Array,
  at: number,
  conn: Connection | null,
  side: Side,
  refs: Refs,
): number {
  if (conn === null) {
    bytes[at] = ABSENT;
    return at + 1;
  }
  // What is freed under its streams is only ever seen to be freed.
  const seen = conn.freed ? (side.freedConns[0] as Connection) : conn;
  const next = CONNECTIONS.write(bytes, at, seen, refs, placeIn(side.targets, conn.target));
  return writeContext(bytes, next, conn.ctx, refs);
}

/** The connection that writeConn has written, which takes a slot, or null. */
export function readConn(input: ByteReader, side: Side, slot: number): Connection | null {
  const byte = input.peek();
  if (byte === ABSENT) {
    input.byte();
    return null;
  }
  const pooled = side.connOf(slot, byte >>> (8 - CONN_LEAD));
  const { conn } = pooled;
  resetConn(conn);
  CONNECTIONS.read(input, conn, side.referred);
  conn.ctx = readContext(input, pooled, side.referred);
  return conn;
}

/** How a stream is on its connection, as one number: as attached, or as left while blocked. */
export function howOf(cs: ConnStream, isOrphan: boolean, refs: Refs): number {
  return (STREAMS.toBits(cs, refs) << 1) | (isOrphan ? 1 : 0);
}

/** Whether a stream that is on its connection in a way has left while blocked. */
export function isOrphaned(how: number): boolean {
  return (how & 1) !== 0;
}

/** Puts a stream on its connection, as it was. */
export function placeStream(cs: ConnStream, how: number, referred: Referred): void {
  STREAMS.fromBits(cs, referred, how >>> 1);
  const { ctx } = cs.conn;
  if (ctx === null) cs.conn.cs = cs;
  else if (ctx instanceof H1c) ctx.h1s = cs;
  else if (ctx instanceof MuxPtCtx) ctx.cs = cs;
  else if (ctx instanceof H2c || ctx instanceof FcgiConn) {
    (isOrphaned(how) ? ctx.orphans : ctx.streams).push(cs);
  }
}
