/** References to sessions and connections in a packed state: nothing, a slot, or what is freed. */
export const NOBODY = 0;
export const FREED = 15;

/** What stands for a connection that lives on the other side only. */
export const ABSENT = 0xff;

/** How a stream is on a connection, beside the number of the connection. */
export const STREAM_ORPHAN = 1;
export const STREAM_NOT_FIRST = 2;
/** The session that its mux knows: the stream's own, or else a reference from this bit on. */
export const STREAM_MUX_SESS_BIT = 2;
export const MUX_SESS_SAME = 14;
