import { connBackendGet } from '../../functions/conn-backend-get.ts';
import { CO_FL_LIST_MASK, type Connection } from '../../objects/connection-t.ts';
import type { Find, Wanted } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import { REUSE_AGGR, REUSE_ALWS, REUSE_NEVR, reuseName, whyNever } from '../../objects/server-t.ts';
import type { World } from '../../objects/world.ts';

const lookup = rulesOf('connect_server', 'src/backend.c');
const POOL_NO_SERVER = lookup(
  'connect.pool.no-server',
  'the target[ {0}] is a backend, not a server: there is no pool',
  'reused claim',
  'finds-nobody',
);
const POOL_AVAILABLE = lookup(
  'connect.pool.available',
  '{0|a connection} heads the available list of {1|the server}: it is taken, first request or not[ (http-reuse {2})]',
  'reused claim list curr_used_conns max_used_conns est_need_conns',
);
const POOL_EMPTY = lookup(
  'connect.pool.empty',
  '{0|the server} has nothing available on this thread, and nothing idle',
  'reused claim',
  'finds-nobody',
);
const POOL_NEVER = lookup(
  'connect.pool.never',
  '{1|http-reuse never}: the connections of {0|the server} are not looked at',
  'reused claim',
  'finds-nobody',
);
const POOL_LATER_REQUEST = lookup(
  'connect.pool.later-request',
  'not the first request of its client: {0|the server} is asked for an idle connection, then for a safe one[ (it keeps {1} idle, {2} safe)]',
);
const POOL_SAFE = lookup(
  'connect.pool.safe',
  'a first request under http-reuse {1|aggressive or always}: {0|the server} is asked for a safe connection and no other[ (it keeps {2} idle, {3} safe)]',
);
const POOL_IDLE = lookup(
  'connect.pool.idle',
  'a first request under http-reuse always, and no safe connection at all: {0|the server} is asked for an idle one[ (it keeps {1})]',
);
const POOL_IDLE_AFTER_SAFE = lookup(
  'connect.pool.idle-after-safe',
  'a first request under http-reuse always has found no safe connection: {0|the server} is asked for an idle one[ (it keeps {1})]',
);
const POOL_FIRST_REQUEST = lookup(
  'connect.pool.first-request',
  'a first request under http-reuse {1|safe or aggressive}: of what {0|the server} keeps[ ({2} idle, {3} safe)] it may have none',
  'reused claim',
  'finds-nobody',
);

/** connect_server, step 3: the available list, then the idle lists by mode and request. */
export function poolLookup(w: World, wanted: Wanted): Find {
  const { target, mode, notFirst } = wanted;
  const srv = target.kind === 'srv' ? target : null;
  const nothing = { conn: null, wasIdle: false, wasUnused: false };
  if (!srv) {
    w.log.decide(POOL_NO_SERVER, target.id);
    return nothing;
  }
  const available = w.rules.pool.firstAvailable(srv, w.thread, wanted.key);
  if (available && mode !== REUSE_NEVR) {
    w.log.decide(POOL_AVAILABLE, available, srv, reuseName(mode));
    return { conn: available, wasIdle: false, wasUnused: false };
  }
  if (srv.currIdleConns === 0 || mode === REUSE_NEVR) {
    if (mode === REUSE_NEVR) w.log.decide(POOL_NEVER, srv, whyNever(target));
    else w.log.decide(POOL_EMPTY, srv);
    return nothing;
  }
  let conn: Connection | null;
  if (notFirst && (srv.currIdleNb + srv.currSafeNb) >>> 0 > 0) {
    w.log.decide(POOL_LATER_REQUEST, srv, srv.currIdleNb, srv.currSafeNb);
    conn = connBackendGet(w, srv, false, wanted);
  } else if ((notFirst || mode >= REUSE_AGGR) && srv.currSafeNb > 0) {
    w.log.decide(POOL_SAFE, srv, reuseName(mode), srv.currIdleNb, srv.currSafeNb);
    conn = connBackendGet(w, srv, true, wanted);
    const triesIdle = w.rules.idleAfterSafe === 'none-found' && mode === REUSE_ALWS && !notFirst;
    if (!conn && triesIdle && srv.currIdleNb > 0) {
      w.log.decide(POOL_IDLE_AFTER_SAFE, srv, srv.currIdleNb);
      conn = connBackendGet(w, srv, false, wanted);
    }
  } else if (mode === REUSE_ALWS && srv.currIdleNb > 0) {
    w.log.decide(POOL_IDLE, srv, srv.currIdleNb);
    conn = connBackendGet(w, srv, false, wanted);
  } else {
    w.log.decide(POOL_FIRST_REQUEST, srv, reuseName(mode), srv.currIdleNb, srv.currSafeNb);
    return nothing;
  }
  if (conn) conn.flags &= ~CO_FL_LIST_MASK;
  return { conn, wasIdle: conn !== null, wasUnused: true };
}
