/** `CO_FL_*` of include/haproxy/connection.h, with HAProxy's bit values. */
export const CO_FL_SAFE_LIST = 0x00000001;
export const CO_FL_IDLE_LIST = 0x00000002;
/** Which idle list of the server the connection was put in; not that it is still there. */
export const CO_FL_LIST_MASK = CO_FL_SAFE_LIST | CO_FL_IDLE_LIST;
/** The transport is ready: connect() was issued, which does not mean that it has completed. */
export const CO_FL_XPRT_READY = 0x00000200;
export const CO_FL_SOCK_RD_SH = 0x00040000;
export const CO_FL_SOCK_WR_SH = 0x00080000;
export const CO_FL_ERROR = 0x00100000;
/** One bit for CO_FL_WAIT_XPRT: connecting, or a handshake is not over. */
export const CO_FL_WAIT_XPRT = 0x00400000;
/** Never to be shared between clients; never cleared. */
export const CO_FL_PRIVATE = 0x10000000;
/** Counted in the idle connections of its owner. */
export const CO_FL_SESS_IDLE = 0x40000000;
/*
 * What a mux has seen of its connection: from 2.8.0 on it has flags of its own for that. They are
 * kept with those of the connection, as the two live and die together, in bits that none of those
 * has here.
 */

/** H2_CF_RCVD_SHUT, FCGI_CF_EOS, H1C_F_EOS: the mux has read the end of what the peer sends. */
export const MUX_FL_RCVD_SHUT = 0x01000000;
/** H2_CF_ERR_PENDING and its siblings: the mux failed to send, and may have something to read. */
export const MUX_FL_ERR_PENDING = 0x02000000;
/** H2_CF_ERROR and its siblings: the mux neither reads nor sends any more. */
export const MUX_FL_ERROR = 0x04000000;
/** In error, or about to be. */
export const MUX_FL_ANY_ERROR = MUX_FL_ERR_PENDING | MUX_FL_ERROR;
/** Every flag of a mux. */
export const MUX_FL_ALL = MUX_FL_RCVD_SHUT | MUX_FL_ANY_ERROR;
/** Closed, in one direction at least, or failed. */
export const CO_FL_ANY_SH = CO_FL_ERROR | CO_FL_SOCK_RD_SH | CO_FL_SOCK_WR_SH;

/** The flags that decide ownership, by their name in a trace, in the order in which it has them. */
export const OWNERSHIP_FLAGS = {
  PRIVATE: CO_FL_PRIVATE,
  SESS_IDLE: CO_FL_SESS_IDLE,
  SAFE_LIST: CO_FL_SAFE_LIST,
  IDLE_LIST: CO_FL_IDLE_LIST,
} as const;

/** The flags that the outside world sets and clears, by their name in a trace; a mux has the last. */
export const IO_FLAGS = {
  ERROR: CO_FL_ERROR,
  SOCK_RD_SH: CO_FL_SOCK_RD_SH,
  SOCK_WR_SH: CO_FL_SOCK_WR_SH,
  XPRT_READY: CO_FL_XPRT_READY,
  WAIT_XPRT: CO_FL_WAIT_XPRT,
  RCVD_SHUT: MUX_FL_RCVD_SHUT,
  ERR_PENDING: MUX_FL_ERR_PENDING,
  MUX_ERROR: MUX_FL_ERROR,
} as const;

/** A flag that decides ownership. */
export type FlagName = keyof typeof OWNERSHIP_FLAGS;

/** A flag that the outside world sets and clears. */
export type UpdateFlagName = keyof typeof IO_FLAGS;
