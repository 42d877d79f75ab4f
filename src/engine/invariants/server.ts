import type { Server } from '../objects/server-t.ts';
import type { World } from '../objects/world.ts';
import type { RuleSet } from '../rule-sets/index.ts';
import { rules330 } from '../rule-sets/sets/3.3.0.ts';
import type { InvariantOf } from './invariant.ts';

const IDLE_COUNTERS = 1 << 0;
const USED_COUNT = 1 << 1;
const NOT_NEGATIVE = 1 << 2;
const DELETED_IS_UNUSED = 1 << 3;
const SESSION_IDLE_COUNTER = 1 << 4;

function idleOfAllThreads({ currIdleThr }: Server): number {
  let sum = 0;
  for (let thread = 0; thread < currIdleThr.length; thread++) sum += currIdleThr[thread] ?? 0;
  return sum;
}

/** How many connections the server is to count as used. */
function usedOf({ liveConns, liveIdleConns, livePrivateConns }: Server, rules: RuleSet): number {
  return liveConns - liveIdleConns - (rules.usedCount.countsPrivate ? 0 : livePrivateConns);
}

/** The counters of a server that have gone below zero, which makes them enormous. */
function negativeCounters(srv: Server): string[] {
  const counters = {
    curr_used_conns: srv.currUsedConns,
    max_used_conns: srv.maxUsedConns,
    est_need_conns: srv.estNeedConns,
    curr_idle_conns: srv.currIdleConns,
    curr_idle_nb: srv.currIdleNb,
    curr_safe_nb: srv.currSafeNb,
  };
  return Object.entries(counters).flatMap(([name, count]) => (isNegative(count) ? [name] : []));
}

/** Counters are unsigned: what would be below zero has its highest bit set. */
function isNegative(count: number): boolean {
  return count > 0x7fffffff;
}

/** The invariants of servers. */
export const SRV_INVARIANTS: readonly InvariantOf<Server>[] = [
  {
    bit: IDLE_COUNTERS,
    name: 'idle-counters',
    says: 'The idle counters of a server agree with each other and with what is idle.',
    source: 'V13',
    severity: 'broken',
    since: null,
    tells: (srv) =>
      `${srv.id} counts ${srv.currIdleConns} idle, ${srv.currIdleNb} unproven and ` +
      `${srv.currSafeNb} safe, ${idleOfAllThreads(srv)} of all threads; ${srv.liveIdleConns} are`,
  },
  {
    bit: USED_COUNT,
    name: 'used-count',
    says: 'A server counts as used every live connection that is not idle, private ones and health checks only where its release counts them.',
    source: 'V14; B10, B21, B23',
    severity: 'broken',
    since: null,
    tells: (srv, rules) =>
      rules.usedCount.countsPrivate
        ? `${srv.id} counts ${srv.currUsedConns} used, and ${usedOf(srv, rules)} are not idle`
        : `${srv.id} counts ${srv.currUsedConns} used, and ${usedOf(srv, rules)} are neither idle nor private`,
  },
  {
    bit: NOT_NEGATIVE,
    name: 'counters-not-negative',
    says: 'No counter of a server goes below zero.',
    source: 'B20, B21; precision 8.19',
    severity: 'broken',
    since: null,
    tells: (srv) => `${srv.id} counts below zero: ${negativeCounters(srv).join(', ')}`,
  },
  {
    bit: DELETED_IS_UNUSED,
    name: 'deleted-is-unused',
    says: 'No connection goes to a server that is deleted.',
    source: 'B26',
    severity: 'broken',
    since: null,
    tells: (srv) => `${srv.id} is deleted, and ${srv.liveConns} connection(s) go there`,
  },
  {
    bit: SESSION_IDLE_COUNTER,
    name: 'session-idle-counter',
    says: 'A server counts as idle in sessions the connections that are marked so.',
    source: 'V8, of servers; B5',
    severity: 'broken',
    since: rules330,
    tells: (srv) =>
      `${srv.id} counts ${srv.currSessIdleConns} as idle in sessions; ${srv.liveSessIdleConns} are marked`,
  },
];

/** The invariants that a server breaks now, as bits. */
export function brokenBySrv(srv: Server, w: World): number {
  const { rules } = w;
  const idle = srv.liveIdleConns;
  const agree =
    srv.currIdleConns === idle &&
    srv.currIdleNb + srv.currSafeNb === idle &&
    idleOfAllThreads(srv) === idle;
  let broken = agree ? 0 : IDLE_COUNTERS;
  if (srv.currUsedConns !== usedOf(srv, rules)) broken |= USED_COUNT;
  // Of the others, those that the used count raises follow it, and the rest has to agree above.
  if (isNegative(srv.currUsedConns) || isNegative(srv.currIdleConns)) broken |= NOT_NEGATIVE;
  if (srv.deleted && srv.liveConns > 0) broken |= DELETED_IS_UNUSED;
  if (srv.countsSessIdle && srv.currSessIdleConns !== srv.liveSessIdleConns) {
    broken |= SESSION_IDLE_COUNTER;
  }
  return broken;
}
