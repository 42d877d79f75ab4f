import type { Connection } from '../objects/connection-t.ts';
import { rulesOf } from '../objects/rule.ts';
import type { World } from '../objects/world.ts';
import { connFree, connFullClose } from './connection.ts';

const RELEASED_WITHOUT_MUX = rulesOf('conn_release', 'src/connection.c')(
  'conn-release.no-mux',
  '{0|the connection} has no mux that could destroy it: it is closed and freed',
  'conn',
);

/** conn_release, src/connection.c; releases R8a.2: a connection that nobody uses any more ends. */
export function connRelease(w: World, conn: Connection): void {
  if (conn.ctx) {
    conn.ctx.mux.destroy(w, conn);
    return;
  }
  w.log.decide(RELEASED_WITHOUT_MUX, conn);
  connFullClose(w, conn);
  connFree(w, conn);
}
