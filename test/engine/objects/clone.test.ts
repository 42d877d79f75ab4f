import { describe, expect, it } from 'vitest';
import { cloneWorld } from '../../../src/engine/objects/clone.ts';
import { step } from '../../../src/engine/step/step.ts';
import type { TraceEvent } from '../../../src/format/index.ts';
import { BOTH, connecting, type Scene, scene, snapshot, tell } from '../support.ts';

/** A world with everything that a copy could forget. */
function full(rules: string): Scene {
  const servers = {
    'b/h2': { proto: 'h2', 'max-reuse': 9 },
    'b/fcgi': { proto: 'fcgi', 'streams-limit': 3 },
    'b/alpn': { alpn: 'h2' },
    'b/none': { 'pool-max-conn': 0 },
    't/srv': {},
  } as const;
  const backends = { t: { mode: 'tcp' }, d: {} } as const;
  const s = scene(rules, { reuse: 'always', config: { nbthread: 2, servers, backends } });
  s.session('s1', 's2', 's3').connect('t1').exchange('t2').exchange('t3', { thread: 1 });
  s.connect('t4', { target: 'b/h2' }).connect('t5', { target: 'b/h2', sess: 's2' });
  s.ntlm('t4').ntlm('t5').detach('t4', { blocked: true });
  s.connect('t6', { target: 'b/fcgi', sess: 's3' }).detach('t6', { blocked: true }).free('s3');
  s.connect('t6', { target: 'b/fcgi' }).connect('t6b', { target: 'b/fcgi', sess: 's2' });
  s.detach('t6', { blocked: true });
  s.connect('t7', { target: 'b/alpn' })
    .connect('t8', { target: 't/srv' })
    .connect('t9', { target: 'd' });
  s.exchange('t10', { not_first: true, target: 'b/srv', thread: 1 });
  s.do({ event: 'srv_cleanup_connections', srv: 'b/srv' }).connect('t11').exchange('t12');
  s.update('c12', { mux_error: true }).update('c4', { goaway: true });
  return s;
}

/** Events that go on from there and look at all of it. */
const MORE: TraceEvent[] = [
  { event: 'detach', strm: 't1' },
  connecting('t20', { not_first: true }),
  connecting('t21', { target: 'b/h2', sess: 's2' }),
  { event: 'stream_destroy', strm: 't4', woken: true },
  { event: 'stream_destroy', strm: 't6' },
  { event: 'stream_destroy', strm: 't6', dead: true },
  { event: 'conn_create_mux', conn: 'c7', mux: 'h2' },
  { event: 'detach', strm: 't8' },
  { event: 'detach', strm: 't9' },
  { event: 'srv_cleanup_idle_connections', srv: 'b/srv' },
  { event: 'srv_cleanup_toremove_connections', thread: 1 },
  { event: 'srv_cleanup_toremove_connections' },
  { event: 'detach', strm: 't11', idle: false },
  { event: 'session_free', sess: 's1' },
  { event: 'detach', strm: 't5' },
];

describe.each(BOTH)('cloneWorld (%s)', (rules) => {
  it('is the same world', () => {
    const { w } = full(rules);
    const copy = cloneWorld(w);
    expect(snapshot(copy)).toBe(snapshot(w));
    expect(copy).toMatchObject({ clock: w.clock, nbthread: 2 });
    expect(copy.rules).toBe(w.rules);
  });

  it('goes the same way', () => {
    const { w } = full(rules);
    const copy = cloneWorld(w);
    for (const event of MORE) {
      const outcome = tell(w, step(w, event));
      expect(tell(copy, step(copy, event))).toBe(outcome);
      expect(snapshot(copy)).toBe(snapshot(w));
    }
  });

  it('shares nothing that changes, in either direction', () => {
    const { w } = full(rules);
    const copy = cloneWorld(w);
    const before = snapshot(w);
    for (const event of MORE) step(copy, event);
    expect(snapshot(w)).toBe(before);
    const other = cloneWorld(w);
    for (const event of MORE) step(w, event);
    expect(snapshot(other)).toBe(before);
  });

  it('brings no log and no listener', () => {
    const { w } = full(rules);
    w.beforeChange = () => {
      throw new Error('not of the copy');
    };
    const copy = cloneWorld(w);
    expect(copy.log.calls).toEqual([]);
    step(copy, { event: 'detach', strm: 't1' });
    expect(copy.log.touched.length).toBeGreaterThan(0);
  });

  it('keeps a session that is freed as one object for all that point to it', () => {
    const s = scene(rules, { reuse: 'always', srv: { proto: 'h2' } }).session('s1', 's2');
    s.connect('t1').connect('t2', { target: 'b/srv' });
    s.own('c1', 's2');
    s.update('c1', { streams_limit: 2 }).connect('t3');
    s.own('c3', 's2');
    s.free('s2');
    const copy = cloneWorld(s.w);
    const [one, two] = ['c1', 'c3'].map((id) => copy.connections.get(id)?.owner);
    expect(one).toMatchObject({ id: 's2', freed: true });
    expect(two).toBe(one);
  });

  it('copies a connection that was freed under its streams', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').exchange('t1');
    s.connect('t2', { error: 'address' });
    const copy = cloneWorld(s.w);
    expect(step(copy, { event: 'detach', strm: 't2' })).toEqual({
      kind: 'crash',
      fn: 'cs_destroy',
    });
    expect(s.w.streams.has('t2')).toBe(true);
  });
});
