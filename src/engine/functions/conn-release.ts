import type { Connection } from '../objects/connection-t.ts';
import type { World } from '../objects/world.ts';

/**
 * conn_release, src/connection.c; releases R8a.2: a connection that nobody uses ends. Who calls it has
 * taken the connection out of the list of a session, a pool or a removal list: it has a mux.
 */
export function connRelease(w: World, conn: Connection): void {
  w.enter('conn_release', conn);
  conn.ctx?.mux.destroy(w, conn);
}
