import { header } from '../cli/run.ts';

/** Multiplicative congruential numbers below 2^31; the same sequence on every machine. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

/**
 * A trace of many clients that are there at the same time, each with a connection of its own that it
 * uses again and again.
 *
 * @param steps at least four for each connection
 */
export function largeTrace(steps: number, connections: number): string {
  const lines: string[] = [];
  const next = numbers(20200715);
  const add = (event: object): void => {
    lines.push(JSON.stringify({ at: lines.length * 2, ...event }));
  };
  const clients: { readonly sess: string; readonly target: string; strm: string | null }[] = [];
  let streams = 0;
  for (let number = 1; number <= connections; number++) {
    const client = { sess: `s${number}`, target: `b/${number % 4}`, strm: `t${++streams}` };
    clients.push(client);
    const { sess, strm, target } = client;
    add({ event: 'session_new', sess, fe: 'fe' });
    add({ event: 'connect_server', strm, sess, target, conn: `c${number}` });
  }
  while (lines.length < steps - 2 * connections) {
    const client = clients[next(connections)];
    if (client === undefined) continue;
    const { sess, target, strm } = client;
    client.strm = strm === null ? `t${++streams}` : null;
    if (strm !== null) add({ event: 'detach', strm });
    else add({ event: 'connect_server', strm: client.strm, sess, target, not_first: true });
  }
  for (const { sess, strm } of clients) {
    if (strm !== null) add({ event: 'detach', strm });
    add({ event: 'session_free', sess });
  }
  const servers = Object.fromEntries([0, 1, 2, 3].map((name) => [`b/${name}`, {}]));
  const config = { frontends: { fe: {} }, backends: { b: { 'http-reuse': 'never' } }, servers };
  return `${header({ title: 'many clients', config })}${lines.join('\n')}\n`;
}
