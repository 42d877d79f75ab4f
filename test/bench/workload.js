// A deterministic mixed workload: clients with sessions and streams over servers of every mux and
// reuse mode. The engine itself says what happens, so that every expectation holds.
import {
  callText,
  findRuleSet,
  step,
  viewConn,
  viewSess,
  viewSrv,
  World,
} from '../../dist/index.js';

const MODES = ['never', 'safe', 'aggressive', 'always'];
const SERVERS = {
  h1: {},
  h2: { proto: 'h2' },
  fcgi: { proto: 'fcgi', 'streams-limit': 10 },
  alpn: { alpn: 'h2,http/1.1' },
};
const CLIENTS = 40;

/** Multiplicative congruential numbers below 2^31; the same sequence on every machine. */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

function configuration() {
  const backends = { tcp: { mode: 'tcp' } };
  const servers = { 'tcp/srv': {} };
  for (const mode of MODES) {
    backends[mode] = { 'http-reuse': mode };
    for (const [name, server] of Object.entries(SERVERS)) servers[`${mode}/${name}`] = server;
  }
  return { frontends: { fe: {} }, backends, servers };
}

/**
 * Generates the lines of the trace, without line ends: the header and as many events as asked for.
 *
 * @param {number} events
 * @param {string} id the rule set
 * @param {boolean} lingers sessions stay as long as a connection points to them: some rule sets
 *   crash on one that points to a session which has ended
 */
export function* workload(events, id = '08016ab82', lingers = false) {
  const config = configuration();
  const rules = findRuleSet(id);
  if (!rules) throw new Error('no rule set');
  const world = new World(config, rules);
  const targets = Object.keys(config.servers);
  const next = numbers(20200715);
  const clients = Array.from({ length: CLIENTS }, () => ({ sess: '', requests: 0, open: [] }));
  let sessions = 0;
  let streams = 0;
  let conns = 0;
  let written = 0;

  function* write(event) {
    const outcome = step(world, event);
    if (outcome.kind !== 'done') throw new Error(`the workload is wrong: ${JSON.stringify(event)}`);
    const conn = outcome.returned.conn ? { conn: outcome.returned.conn.id } : {};
    const expect = written++ % 2 === 0 ? { expect: expectation(world, outcome) } : {};
    yield JSON.stringify({ ...event, ...conn, ...expect });
  }

  yield JSON.stringify({
    trace: 'haproxy-ownership/1',
    title: 'deterministic mixed workload',
    rules: rules.id,
    config,
  });
  let at = 0;
  while (written < events) {
    at += next(3);
    const client = clients[next(CLIENTS)];
    if (!client.sess) {
      client.sess = `s${++sessions}`;
      client.requests = 0;
      yield* write({ event: 'session_new', at, sess: client.sess, fe: 'fe' });
    } else if (client.open.length < 2 && next(3) > 0) {
      const strm = `t${++streams}`;
      const target = targets[next(targets.length)];
      const conn = `c${conns + 1}`;
      const notFirst = client.requests++ > 0;
      const event = { event: 'connect_server', at, strm, sess: client.sess, target };
      if (notFirst) event.not_first = true;
      world.nameConnection = () => conn;
      yield* write(event);
      const attached = world.streams.get(strm)?.conn;
      if (attached?.id === conn) conns++;
      if (attached?.cs) {
        const mux = next(2) === 0 ? 'h1' : 'h2';
        yield* write({ event: 'conn_update', at, conn, clear: ['WAIT_XPRT'] });
        yield* write({ event: 'conn_create_mux', at, conn, mux });
      }
      client.open.push(strm);
    } else if (client.open.length > 0) {
      const strm = client.open.shift();
      // Only where no other session can have a stream: HAProxy would crash sooner or later.
      const alone = world.streams.get(strm)?.conn.target.id.endsWith('/h1');
      if (alone && next(10) === 0) {
        const headers = { 'WWW-Authenticate': ['NTLM'] };
        yield* write({ event: 'http_wait_for_response', at, strm, status: 401, headers });
      }
      const event = { event: 'detach', at, strm };
      if (next(20) === 0) event.idle = false;
      yield* write(event);
    } else if (client.requests > 3 + next(20)) {
      const isOwner = world.sessions.get(client.sess).owned.length > 0;
      if (!lingers || !isOwner) yield* write({ event: 'session_free', at, sess: client.sess });
      client.sess = '';
    } else if (next(50) === 0) {
      const srv = targets[next(targets.length)];
      const due = world.servers.get(srv).purgeDue;
      if (due === null || at < due) continue;
      yield* write({ event: 'srv_cleanup_idle_connections', at, srv });
      yield* write({ event: 'srv_cleanup_toremove_connections', at });
    }
  }
}

/** Everything that a recording would state about the objects that the step touched. */
function expectation(world, outcome) {
  const expect = { calls: world.log.calls.map(callText) };
  const { ret, reused } = outcome.returned;
  if (ret !== undefined) expect.ret = ret;
  if (reused !== undefined) expect.reused = reused;
  for (const entity of world.log.touched) {
    const { kind, id } = entity;
    expect[kind] ??= {};
    if (kind === 'srv') {
      expect.srv[id] = viewSrv(world, entity);
    } else if (entity.freed) {
      expect[kind][id] = null;
    } else if (kind === 'sess') {
      expect.sess[id] = viewSess(world, entity);
    } else {
      const { target, streams, orphans, io, ...state } = viewConn(world, entity);
      if (state.mux === null) {
        delete state.used_streams;
        delete state.avail_streams;
      }
      expect.conn[id] = state;
    }
  }
  return expect;
}
