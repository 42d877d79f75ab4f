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

/** Three requests with connections in the pool, in the session’s list and in another thread. */
function story(rules: string, reuse: 'safe' | 'always' | 'never', more: Asked): string {
  const srv = { alpn: 'h2,http/1.1', ssl: true, sni: true } as const;
  const s: Scene = scene(rules, { reuse, srv, config: { nbthread: 2 } }).session('s1', 's2');
  const parts: string[] = [];
  const note = () => parts.push(snapshot(s.w), tell(s.w, s.outcome));
  s.connect('t1', { sni: false, ...more }).createMux('c1', 'h2');
  note();
  s.detach('t1').connect('t2', { not_first: true, ...more });
  note();
  s.connect('t3', { sess: 's2', not_first: true, thread: 1, sni: false, ...more });
  note();
  return parts.join('\n');
}

/** What a rule set looks at of these. */
function isAskedFor(rules: string, input: Asked): boolean {
  const set = rulesOf(rules);
  if ('params' in input) return set.connKey !== 'target';
  if ('htx' in input) return set.reuseIsFor !== 'any';
  return 'busy' in input && set.idleLocks !== 'none';
}

describe.each(EACH)('what a rule set does not look at (%s)', (rules) => {
  it.each(INPUTS.filter((input) => !isAskedFor(rules, input)))('changes nothing: %j', (more) => {
    for (const reuse of ['safe', 'always', 'never'] as const) {
      expect(story(rules, reuse, more)).toBe(story(rules, reuse, {}));
    }
  });
});
