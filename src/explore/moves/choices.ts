import type { Params } from '../../engine/functions/conn-key.ts';
import type { FailName, TraceEvent, WorldDefinition } from '../../format/index.ts';

/** One thing that can happen next: an event, and how many failures it takes from the budget. */
export interface Move {
  readonly event: TraceEvent;
  readonly failures: number;
}

/** The inputs that a world lets its surroundings choose, with nothing left open. */
export type Choices = ReturnType<typeof choicesOf>;

/** Every request is like the others. */
const NO_PARAMS: readonly Params[] = [{}];

/** What a world allows, with the defaults of the format filled in. */
export function choicesOf(world: WorldDefinition) {
  const { events = {} } = world;
  const fail = events.fail ?? [];
  const errors = events.errors ?? [];
  const servers = Object.entries(world.config.servers ?? {});
  const offersH2 = servers.filter(([, { alpn }]) => alpn?.split(',').includes('h2'));
  return {
    /** Servers whose handshake can end in h2. */
    offersH2: new Set(offersH2.map(([id]) => id)),
    sessions: world.sessions,
    streams: world.streams,
    connections: world.connections,
    failures: events.failures ?? (fail.length + errors.length > 0 ? 1 : 0),
    retries: events.retries ?? 0,
    fail: new Set<FailName>(fail),
    errors,
    authentication: events.authentication ?? false,
    handshakes: events.handshakes ?? false,
    closes: events.closes ?? false,
    connectionErrors: events.connection_errors ?? false,
    goaway: events.goaway ?? false,
    streamsLimits: events.streams_limits ?? [],
    blocked: events.blocked ?? false,
    excessData: events.excess_data ?? false,
    protoStatus: events.proto_status ?? [],
    io: events.io ?? false,
    purge: events.purge ?? false,
    maintenance: events.maintenance ?? false,
    srvAdmin: events.srv_admin ?? false,
    connIo: events.conn_io ?? false,
    delServer: events.del_server ?? false,
    usedFds: events.used_fds ?? [0],
    params: events.params ?? NO_PARAMS,
    busy: events.busy ?? false,
    victims: events.victims ?? false,
    checkReuse: events.check_reuse ?? false,
    checks: events.checks ?? null,
  };
}

/** How often one event can ask for an allocation; what is not said, once. */
const ASKED_MAX: Partial<Record<FailName, number>> = {
  // To join a connection that was found, and then for a new one.
  conn_stream: 2,
};

/**
 * Every multiset of some kinds with at most so many members, as many of a kind as one event can ask
 * for: what may fail in one event. The empty one first, then by size.
 */
export function failSets(kinds: readonly FailName[], most: number): readonly FailName[][] {
  let last: FailName[][] = [[]];
  const all = [...last];
  for (let size = 1; size <= most && last.length > 0; size++) {
    last = last.flatMap((set) => {
      const from = set.length === 0 ? 0 : kinds.indexOf(set.at(-1) as FailName);
      return kinds.slice(from).flatMap((kind) => {
        const count = set.filter((each) => each === kind).length;
        return count < (ASKED_MAX[kind] ?? 1) ? [[...set, kind]] : [];
      });
    });
    all.push(...last);
  }
  return all;
}
