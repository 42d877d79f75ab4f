import { cloneWorld } from '../../src/engine/objects/clone.ts';
import { World } from '../../src/engine/objects/world.ts';
import { DEFAULT_RULE_SET } from '../../src/engine/rule-sets/index.ts';
import { endSite } from '../../src/engine/step/crash-site.ts';
import { isEnd, step } from '../../src/engine/step/step.ts';
import type { Config, TraceEvent } from '../../src/format/index.ts';

/** How much may be there at a time. */
export interface Limits {
  readonly sessions: number;
  readonly streams: number;
}

const NTLM = { 'WWW-Authenticate': ['NTLM'] };

/** Every event of a small alphabet that may be possible, with new names where it needs some. */
export function possibleEvents(w: World, names: string, limits: Limits): TraceEvent[] {
  const sess = `s${names}`;
  const strm = `t${names}`;
  const events: TraceEvent[] = [];
  if (w.sessions.size < limits.sessions) events.push({ event: 'session_new', sess, fe: 'fe' });
  for (const id of w.sessions.keys()) {
    if (w.streams.size < limits.streams) {
      const connect = { event: 'connect_server', strm, sess: id, target: 'b/srv' } as const;
      events.push(connect, { ...connect, not_first: true });
    }
    events.push({ event: 'assign_server', strm, sess: id, be: 'b' });
    events.push({ event: 'session_free', sess: id });
  }
  for (const id of w.streams.keys()) {
    events.push({ event: 'http_wait_for_response', strm: id, status: 401, headers: NTLM });
    events.push({ event: 'detach', strm: id });
  }
  for (const conn of w.connections.keys()) {
    events.push({ event: 'mux_release', conn });
    events.push({ event: 'conn_update', conn, clear: ['WAIT_XPRT'] });
  }
  return events;
}

/** Everything that decides what may come, by places instead of names. */
function keyOf(w: World): string {
  const sessions = [...w.sessions.values()];
  const connections = [...w.connections.values()];
  const servers = [...w.servers.values()];
  const places = (lists: Iterable<{ toArray(): readonly (typeof connections)[number][] }> | null) =>
    [...(lists ?? [])].map((list) => list.toArray().map((conn) => connections.indexOf(conn)));
  return JSON.stringify([
    sessions.map((s) => [
      ...[s.idleConns, s.preferLast, s.preferred && connections.indexOf(s.preferred)],
      places(s.srvList.map(({ connList }) => connList)),
    ]),
    connections.map((c) => [
      ...[c.flags, c.owner && sessions.indexOf(c.owner), c.ctx?.usedStreams()],
    ]),
    [...w.streams.values()].map(({ conn, sess, muxSess, notFirst }) => [
      ...[connections.indexOf(conn), sessions.indexOf(sess)],
      ...[muxSess && sessions.indexOf(muxSess), notFirst],
    ]),
    servers.map((s) => [places(s.idleConns), places(s.safeConns), places(s.availableConns)]),
  ]);
}

/**
 * The fewest events that lead to each crash, by its site: found by looking at every state that can
 * be reached, those of few events first.
 */
export function shortestCrashes(
  config: Config,
  limits: Limits,
  depthMax: number,
): Map<string, number> {
  const found = new Map<string, number>();
  const seen = new Set<string>();
  let level = [new World(config, DEFAULT_RULE_SET)];
  for (let depth = 1; depth <= depthMax; depth++) {
    const next: World[] = [];
    for (const from of level) {
      for (const event of possibleEvents(from, `${depth}`, limits)) {
        const w = cloneWorld(from);
        const outcome = step(w, event);
        if (outcome.kind === 'impossible') continue;
        if (isEnd(outcome)) {
          const site = endSite(w, outcome);
          if (!found.has(site)) found.set(site, depth);
          continue;
        }
        const key = keyOf(w);
        if (seen.has(key)) continue;
        seen.add(key);
        next.push(w);
      }
    }
    level = next;
  }
  return found;
}
