import {
  boolean,
  counter,
  countsIf,
  type Fields,
  follows,
  link,
  signed,
  streams,
} from './field.ts';

/** `struct h1c` of src/mux_h1.c. */
export const H1C = {
  h1s: follows(link('strm')),
  waitNextReq: boolean(),
  csShutdown: boolean(),
  csShutwNow: boolean(),
  csError: boolean(),
  /** H1C_F_CS_IDLE: ready for a next request. */
  csIdle: boolean(),
} as const satisfies Fields;

/** `struct h2c` of src/mux_h2.c and `struct fcgi_conn` of src/mux_fcgi.c. */
export const MULTIPLEXED = {
  /** Attached streams, oldest first. */
  streams: follows(streams()),
  /** Streams that left while blocked and are not over, oldest first. */
  orphans: follows(streams()),
  /** H2: a GOAWAY was seen, `last_sid >= 0`. */
  goaway: boolean(),
  /** H2: `st0 >= H2_CS_ERROR`. FCGI: FCGI_CS_CLOSED. */
  failed: boolean(),
  /** FCGI_CF_KEEP_CONN: the peer lets the connection live on after its last stream. */
  keepsConnection: boolean(),
  streamsLimit: signed(),
  /** Streams that are not closed on the wire, orphans included. */
  nbStreams: signed(),
  /** Streams ever created. */
  streamCnt: countsIf('limitsReuse', counter()),
} as const satisfies Fields;

/** `struct mux_pt_ctx` of src/mux_pt.c. */
export const MUX_PT_CTX = {
  cs: follows(link('strm')),
} as const satisfies Fields;
