import { boolean, type Fields, link } from './field.ts';

/** What a stream holds of a connection: `struct conn_stream` and, below it, the stream of the mux. */
export const CONN_STREAM = {
  /** H1S_F_NOT_FIRST: another request went over the connection before. */
  notFirst: boolean(),
  /** Session given to the mux with the stream: the owner's, when the mux came late. */
  muxSess: link('sess'),
} as const satisfies Fields;
