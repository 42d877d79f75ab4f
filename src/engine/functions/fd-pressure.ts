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
const PRESSURE_OWN_BY_KEY = pressure(
  'connect.pressure.own.by-key',
  '{1|too many} file descriptors are in use, pool-high-count is {2|lower}: {0|the connection}, which stands before all others in the idle tree of this thread, is destroyed',
  'conn list victims',
);
const PRESSURE_OTHER_BY_KEY = pressure(
  'connect.pressure.other-thread.by-key',
  '{1|too many} file descriptors are in use, pool-high-count is {2|lower}: {0|a connection} of [thread {3}|another thread] goes to the removal list there',
  'list toremove victims',
);
const PRESSURE_BUSY = pressure(
  'connect.pressure.busy',
  'somebody holds the lock on the idle connections of [thread {1}|another thread]: those of {0|the server} there are passed over',
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
  const own = pool.victim(w, srv, w.thread, true);
  if (own) {
    const rule = pool.choosesByKey ? PRESSURE_OWN_BY_KEY : PRESSURE_OWN;
    w.log.decide(rule, own, w.usedFds, w.poolHighCount);
    w.listDel(own);
    own.ctx?.mux.destroy(w, own);
    return;
  }
  for (const thread of threadsFromOwn(w).slice(1)) {
    if (w.isBusy(thread)) {
      w.log.decide(PRESSURE_BUSY, srv, thread);
      continue;
    }
    const other = pool.victim(w, srv, thread, false);
    const toremove = w.toremove[thread];
    if (other && toremove) {
      const rule = pool.choosesByKey ? PRESSURE_OTHER_BY_KEY : PRESSURE_OTHER;
      w.log.decide(rule, other, w.usedFds, w.poolHighCount, thread);
      w.listDel(other);
      w.listAppend(toremove, other);
      return;
    }
  }
  w.log.decide(PRESSURE_NONE, srv, w.usedFds, w.poolHighCount);
}
