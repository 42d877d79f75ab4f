import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../src/format/index.ts';
import { EACH, rulesOf, type Scene, scene, snapshot, tell } from './support.ts';

type Asked = Pick<EventOf<'connect_server'>, 'params' | 'htx' | 'websocket' | 'init_xprt' | 'busy'>;

const INPUTS: readonly Asked[] = [
  { params: 'k1' },
  { params: { sni: 'b.example', dst: '192.0.2.1:80', proxy: 'x' } },
  { htx: false },
  { websocket: true },
  { init_xprt: true },
  { busy: [0, 1] },
];

/** Requests with connections in the pool, in the session’s list and in another thread. */
function story(rules: string, reuse: 'safe' | 'always' | 'never', more: Asked): string {
  const srv = { alpn: 'h2,http/1.1', ssl: true, sni: true } as const;
  const s: Scene = scene(rules, { reuse, srv, config: { nbthread: 2 } }).session('s1', 's2');
  const parts: string[] = [];
  const note = () => parts.push(snapshot(s.w), tell(s.w, s.outcome));
  s.connect('t1', { sni: false, ...more });
  // Impossible where the mux is there already: that is told as well.
  s.take({ event: 'conn_create_mux', conn: 'c1', mux: 'h2' });
  note();
  s.detach('t1').connect('t2', { not_first: true, ...more });
  note();
  s.connect('t3', { sess: 's2', not_first: true, thread: 1, sni: false, ...more });
  note();
  s.take({ event: 'conn_create_mux', conn: 'c3', mux: 'h2', thread: 1 });
  s.detach('t3', { thread: 1 }).connect('t4', { not_first: true, sni: false, ...more });
  note();
  return parts.join('\n');
}

/** What a rule set looks at of these. */
function isAskedFor(rules: string, input: Asked): boolean {
  const set = rulesOf(rules);
  if ('params' in input) return set.connKey !== 'target';
  if ('htx' in input) return set.reuseIsFor !== 'any';
  if ('websocket' in input) return set.websocketReuse === 'skipped';
  if ('init_xprt' in input) return set.muxLayer === 'first';
  return 'busy' in input && set.idleLocks !== 'none';
}

const REUSE = ['safe', 'always', 'never'] as const;

/** Rule sets and inputs, of which each set looks at its own or does not. */
function pairs(inputs: readonly Asked[], asked: boolean): (readonly [string, Asked])[] {
  return EACH.flatMap((rules) =>
    inputs
      .filter((input) => isAskedFor(rules, input) === asked)
      .map((input) => [rules, input] as const),
  );
}

describe('what a rule set does not look at', () => {
  it.each(pairs(INPUTS, false))('changes nothing (%s): %j', (rules, more) => {
    for (const reuse of REUSE) {
      expect(story(rules, reuse, more)).toBe(story(rules, reuse, {}));
    }
  });
});

describe('what a rule set looks at', () => {
  // A key that all requests share parts none of them.
  const telling = INPUTS.filter((input) => !('params' in input));

  it.each(pairs(telling, true))('changes something (%s): %j', (rules, more) => {
    const changed = REUSE.filter((reuse) => story(rules, reuse, more) !== story(rules, reuse, {}));
    expect(changed).not.toEqual([]);
  });
});
