import { rulesOf } from '../../objects/rule.ts';
import type { Server } from '../../objects/server-t.ts';
import type { World } from '../../objects/world.ts';
import { forgetAlpn } from '../conn-install-mux.ts';

const admin = rulesOf('srv_update_status', 'src/server.c');
const ENTERS = admin(
  'admin.maintenance',
  '{0|the server} enters maintenance: its idle connections are to go[, and until it leaves it {1} no other]',
);
const AGAIN = admin(
  'admin.maintenance.already',
  '{0|the server} is in maintenance already: nothing goes',
);
const LEAVES = admin(
  'admin.leaves',
  '{0|the server} leaves maintenance: connections that get idle are kept again',
);
const UNSEEN = admin(
  'admin.leaves.unseen',
  '{0|the server} leaves maintenance, at which nothing looks that keeps connections',
);

/**
 * srv_update_status, src/server.c, as far as it is about maintenance; releases R9.1. What has to go on
 * entering it does so under all rule sets; that a server is in it counts from 3.3.0 on.
 *
 * @param maint whether the server enters maintenance or leaves it
 */
export function srvAdmin(w: World, srv: Server, maint: boolean): void {
  const { idleIo, purge } = w.rules;
  if (!idleIo.looksAtLists) {
    w.log.decide(maint ? ENTERS : UNSEEN, srv);
    if (maint) purge.cleanupAll(w, srv);
    return;
  }
  if (!maint) {
    w.log.decide(LEAVES, srv);
    w.touch(srv);
    srv.maint = false;
    return;
  }
  if (srv.maint) {
    w.log.decide(AGAIN, srv);
    return;
  }
  w.log.decide(ENTERS, srv, 'keeps');
  forgetAlpn(w, srv);
  purge.cleanupAll(w, srv);
  w.touch(srv);
  srv.maint = true;
}
