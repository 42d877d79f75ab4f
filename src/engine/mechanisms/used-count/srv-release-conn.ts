import { CO_FL_PRIVATE, CO_FL_SESS_IDLE, type Connection } from '../../objects/connection-t.ts';
import type { UsedCount } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Server } from '../../objects/server-t.ts';
import { setSessIdle } from '../../objects/tracked.ts';
import type { World } from '../../objects/world.ts';
import { connBackendDeinitCount } from './conn-backend-deinit.ts';

const WAS_SESS_IDLE = rulesOf('srv_release_conn', 'src/server.c')(
  'srv-release.sess-idle',
  '{0|the connection} is freed, which a session has kept idle, or had: it loses the mark, and {1|the server} counts one less of those',
  'conn SESS_IDLE curr_sess_idle_conns',
);

/** srv_release_conn, src/server.c, of a connection that is marked as idle in a session; releases R9.2. */
function releaseSessIdle(w: World, srv: Server, conn: Connection): void {
  w.enter('srv_release_conn', conn, null, srv);
  w.log.decide(WAS_SESS_IDLE, conn, srv);
  w.touch(srv);
  srv.currSessIdleConns = (srv.currSessIdleConns - 1) >>> 0;
  setSessIdle(conn, false);
}

/** srv_release_conn, src/server.c: a server counts what sessions keep idle, to its end. */
export const srvReleaseConnCount: UsedCount = {
  ...connBackendDeinitCount,
  name: 'srv_release_conn',
  says: 'a connection counts as used from its creation to its privacy, its place in the pool or its end, and while a session keeps it idle among those that sessions keep',
  rules: [...connBackendDeinitCount.rules, WAS_SESS_IDLE.id],
  onFree(w, conn, wasListed) {
    const { srv } = conn;
    if (srv && conn.has(CO_FL_PRIVATE) && conn.has(CO_FL_SESS_IDLE)) releaseSessIdle(w, srv, conn);
    else connBackendDeinitCount.onFree(w, conn, wasListed);
  },
};
