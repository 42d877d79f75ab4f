import type { Server } from '../server-t.ts';
import type { InvariantOf } from './invariant.ts';

const IDLE_COUNTERS = 1 << 0;
const USED_COUNT = 1 << 1;

function idleOfAllThreads({ currIdleThr }: Server): number {
  let sum = 0;
  for (let thread = 0; thread < currIdleThr.length; thread++) sum += currIdleThr[thread] ?? 0;
  return sum;
}

/** The invariants of servers. */
export const SRV_INVARIANTS: readonly InvariantOf<Server>[] = [
  {
    bit: IDLE_COUNTERS,
    name: 'idle-counters',
    says: 'The idle counters of a server agree with each other and with what is idle.',
    source: 'V13',
    since: null,
    tells: (srv) =>
      `${srv.id} counts ${srv.currIdleConns} idle, ${srv.currIdleNb} unproven and ` +
      `${srv.currSafeNb} safe, ${idleOfAllThreads(srv)} of all threads; ${srv.liveIdleConns} are`,
  },
  {
    bit: USED_COUNT,
    name: 'used-count',
    says: 'A server counts as used every live connection that is not idle, health checks as well.',
    source: 'V14; B10, B21, B23',
    since: null,
    tells: (srv) =>
      `${srv.id} counts ${srv.currUsedConns} used, and ${srv.liveConns - srv.liveIdleConns} are not idle`,
  },
];

/** The invariants that a server breaks now, as bits. */
export function brokenBySrv(srv: Server): number {
  const idle = srv.liveIdleConns;
  const agree =
    srv.currIdleConns === idle &&
    srv.currIdleNb + srv.currSafeNb === idle &&
    idleOfAllThreads(srv) === idle;
  let broken = agree ? 0 : IDLE_COUNTERS;
  if (srv.currUsedConns !== srv.liveConns - idle) broken |= USED_COUNT;
  return broken;
}
