/** A connection that no event names is called after its stream. */
export interface ConnName {
  readonly strm: string;
  /** What stands behind the stream: `.conn`, or `.conn.2` and so on for later ones. */
  readonly rest: string;
}

const UNNAMED = /^(.+)(\.conn(?:\.\d+)?)$/s;

/** The name of the n-th connection of a stream that no event names, from 1: `t1.conn`, `t1.conn.2`. */
export function connOf(strm: string, number = 1): string {
  return number === 1 ? `${strm}.conn` : `${strm}.conn.${number}`;
}

/** What a name of such a connection is made of; null for any other name. */
export function connNameOf(conn: string): ConnName | null {
  const [, strm, rest] = UNNAMED.exec(conn) ?? [];
  return strm === undefined || rest === undefined ? null : { strm, rest };
}
