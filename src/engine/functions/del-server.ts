import { Impossible } from '../objects/crash.ts';
import { rulesOf } from '../objects/rule.ts';
import type { Server } from '../objects/server-t.ts';
import type { World } from '../objects/world.ts';

const del = rulesOf('cli_parse_delete_server', 'src/server.c');
const REFUSED = del(
  'del-server.refused',
  '{0|the server} has streams, a queue, or is not in maintenance: it is not deleted',
  'ret srv',
);
const REFUSED_IDLE = del(
  'del-server.idle',
  '{0|the server} has {1|idle connections}, those that wait for their removal among them: it is not deleted',
  'ret srv',
);
const DELETED = del(
  'del-server.deleted',
  '{0|the server} is deleted: private connections to it stay in the lists of their sessions, and point to what is gone',
  'ret srv purge_due',
);

/**
 * cli_parse_delete_server, src/server.c; releases R6.2. A dynamic server is deleted; connections in
 * the lists of sessions are not looked at.
 *
 * @param isRefused it has streams or a queue, or is not in maintenance
 * @returns 1 when it is deleted, 0 when not
 * @throws Impossible where servers cannot be deleted
 */
export function cliParseDeleteServer(w: World, srv: Server, isRefused: boolean): 0 | 1 {
  if (w.rules.delServer === 'unknown') {
    throw new Impossible(
      `no server can be deleted under ${w.rules.id}: del server came with 2.4.0`,
      true,
    );
  }
  if (isRefused) {
    w.log.decide(REFUSED, srv);
    return 0;
  }
  if (srv.currIdleConns > 0) {
    w.log.decide(REFUSED_IDLE, srv, srv.currIdleConns);
    return 0;
  }
  w.touch(srv);
  w.log.decide(DELETED, srv);
  srv.deleted = true;
  srv.purgeDue = null;
  return 1;
}
