import {
  CO_FL_ERROR,
  CO_FL_IDLE_LIST,
  CO_FL_PRIVATE,
  CO_FL_SAFE_LIST,
  CO_FL_SESS_IDLE,
  CO_FL_SOCK_RD_SH,
  CO_FL_SOCK_WR_SH,
  CO_FL_WAIT_XPRT,
  CO_FL_XPRT_READY,
  type Connection,
} from '../../engine/objects/connection-t.ts';

/** Every flag of a connection, from the lowest bit of its packed form on. */
const FLAGS = [
  CO_FL_SAFE_LIST,
  CO_FL_IDLE_LIST,
  CO_FL_XPRT_READY,
  CO_FL_SOCK_RD_SH,
  CO_FL_SOCK_WR_SH,
  CO_FL_ERROR,
  CO_FL_WAIT_XPRT,
  CO_FL_PRIVATE,
  CO_FL_SESS_IDLE,
] as const;

const COUNTED_IDLE = 1 << FLAGS.length;
const JOINED_EARLY = 1 << (FLAGS.length + 1);
const FREED = 1 << (FLAGS.length + 2);

/** The flags of a packed form, by it. */
const UNPACKED = Int32Array.from({ length: 1 << FLAGS.length }, (_, packed) =>
  FLAGS.reduce((flags, flag, bit) => (packed & (1 << bit) ? flags | flag : flags), 0),
);

/** The flags and marks of a connection, in 12 bits. */
export function packFlags(conn: Connection): number {
  const { flags } = conn;
  let packed = 0;
  for (let bit = 0; bit < FLAGS.length; bit++) {
    if ((flags & (FLAGS[bit] ?? 0)) !== 0) packed |= 1 << bit;
  }
  if (conn.countedIdle) packed |= COUNTED_IDLE;
  if (conn.joinedEarly) packed |= JOINED_EARLY;
  return conn.freed ? packed | FREED : packed;
}

/** Gives a connection the flags and marks of a packed form. */
export function unpackFlags(conn: Connection, packed: number): void {
  conn.flags = UNPACKED[packed & (UNPACKED.length - 1)] ?? 0;
  conn.countedIdle = (packed & COUNTED_IDLE) !== 0;
  conn.joinedEarly = (packed & JOINED_EARLY) !== 0;
  conn.freed = (packed & FREED) !== 0;
}

/** The flags of what is freed while streams still point to it. */
export function packFreed(): number {
  return FREED;
}
