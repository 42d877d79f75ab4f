import { rulesOf } from '../objects/rule.ts';
import type { Server } from '../objects/server-t.ts';
import type { World } from '../objects/world.ts';
import { threadsFromOwn } from './server.ts';

const pressure = rulesOf('connect_server', 'src/backend.c');
const PRESSURE_OWN = pressure(
  'connect.pressure.own',
  '{1|too many} file descriptors are in use, pool-high-count is {2|lower}: {0|the connection}, oldest in the idle list of this thread, is destroyed',
  'conn list',
);
const PRESSURE_OTHER = pressure(
  'connect.pressure.other-thread',
  '{1|too many} file descriptors are in use, pool-high-count is {2|lower}: {0|a connection} of [thread {3}|another thread] goes to the removal list there',
  'list',
);
const PRESSURE_NONE = pressure(
  'connect.pressure.none',
  '{1|too many} file descriptors are in use, pool-high-count is {2|lower}, but {0|the server} has nothing idle that could be closed',
  'idle safe',
);

/** connect_server, step 5: file descriptor pressure costs the server an idle connection. */
export function killIdleUnderPressure(w: World, srv: Server | null): void {
  const { pool } = w.rules;
  if (w.usedFds <= w.poolHighCount || !srv || !pool.hasPlaces(srv)) return;
  const own = pool.victim(srv, w.thread, true);
  if (own) {
    w.log.decide(PRESSURE_OWN, own, w.usedFds, w.poolHighCount);
    w.listDel(own);
    own.ctx?.mux.destroy(w, own);
    return;
  }
  for (const thread of threadsFromOwn(w).slice(1)) {
    const other = pool.victim(srv, thread, false);
    const toremove = w.toremove[thread];
    if (other && toremove) {
      w.log.decide(PRESSURE_OTHER, other, w.usedFds, w.poolHighCount, thread);
      w.listDel(other);
      w.listAppend(toremove, other);
      return;
    }
  }
  w.log.decide(PRESSURE_NONE, srv, w.usedFds, w.poolHighCount);
}
