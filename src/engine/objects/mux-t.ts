import type { EventOf, MuxName } from '../../format/index.ts';
import type { Fields } from '../../state/field.ts';
import type { Connection } from './connection-t.ts';
import type { Session } from './session-t.ts';
import type { ConnStream } from './stream-t.ts';
import type { World } from './world.ts';

/** What a detach cannot know by itself. */
export type DetachInputs = Omit<EventOf<'detach'>, 'event' | 'strm'>;

/** `struct mux_ops` of include/haproxy/connection-t.h: what a multiplexer can do. */
export interface MuxOps {
  readonly name: MuxName;
  /** What its contexts keep. */
  readonly fields: Fields;
  /** Has a takeover operation: another thread may take an idle connection over. */
  readonly takesOver: boolean;
  /** MX_FL_HOL_RISK: one stream can hold up the others. */
  readonly holRisk: boolean;
  /** A new context with the stream that waited in `conn.cs`. */
  init(conn: Connection, cs: ConnStream): MuxContext;
  /** Puts one more stream on the connection; null when an allocation fails or it refuses. */
  attach(w: World, conn: Connection, strm: string, sess: Session): ConnStream | null;
  /** A stream leaves. */
  detach(w: World, cs: ConnStream, inputs: DetachInputs): void;
  /** Frees the connection unless a mux stream is still there. */
  destroy(w: World, conn: Connection): void;
  /** Frees the connection. */
  release(w: World, conn: Connection): void;
}

/** The context of a mux on one connection: `h1c`, `h2c`, `fcgi_conn` or `mux_pt_ctx`. */
export interface MuxContext {
  readonly mux: MuxOps;
  /** Streams attached, oldest first. */
  readonly streams: readonly ConnStream[];
  /** Streams that left while blocked and that the mux still holds. */
  readonly orphans: readonly ConnStream[];
  /** Takes no more streams, whatever its limits: in error, or to be closed. */
  readonly closing: boolean;
  /** Whether another stream can come once the last one, which is still there, has left like this. */
  servesOn(inputs: DetachInputs): boolean;
  /** Mux operation `used_streams`. */
  usedStreams(): number;
  /** Mux operation `avail_streams`: how many more streams fit; may be negative. */
  availStreams(): number;
  /** A new context of the same mux, with the same settings and without streams. */
  blank(): MuxContext;
}

/** Of a mux that holds no streams, or no orphans. */
export const NO_STREAMS: readonly ConnStream[] = [];
