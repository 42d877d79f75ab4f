import { describe, expect, it } from 'vitest';
import { BOTH, POST, scene } from '../support.ts';

const fcgi = { proto: 'fcgi', 'streams-limit': 3 } as const;
const always = { reuse: 'always', srv: fcgi } as const;

describe.each(BOTH)('FastCGI (%s)', (rules) => {
  it('carries one stream until the application says that it multiplexes', () => {
    const s = scene(rules, { reuse: 'always', srv: { proto: 'fcgi' } })
      .session('s1')
      .connect('t1');
    expect(s.conn('c1')).toMatchObject({ mux: 'fcgi', used_streams: 1, avail_streams: 0 });
    expect(s.update('c1', { streams_limit: 5 }).conn('c1')?.avail_streams).toBe(4);
  });

  it('takes no more streams when it is closed', () => {
    const s = scene(rules, always).session('s1').connect('t1').update('c1', { mux_error: true });
    expect(s.conn('c1')?.avail_streams).toBe(0);
  });

  it('is not kept when the application does not keep connections', () => {
    const srv = { ...fcgi, 'keep-conn': false };
    const s = scene(rules, { reuse: 'always', srv }).session('s1').exchange('t1');
    expect(s.calls).toEqual(['mux_release(c1)', 'conn_free(c1)']);
  });

  it('is not kept in a session either', () => {
    const srv = { ...fcgi, 'keep-conn': false };
    const s = scene(rules, { reuse: 'never', srv }).session('s1').exchange('t1');
    expect(s.calls.slice(0, 2)).toEqual(['mux_release(c1)', 'conn_free(c1)']);
    expect(s.sess('s1')).toMatchObject({ idle_conns: 0, srv_list: [] });
  });

  it('is not offered to others while streams are left, when it is not to be kept', () => {
    const srv = { ...fcgi, 'keep-conn': false };
    const s = scene(rules, { reuse: 'always', srv }).session('s1').connect('t1').connect('t2');
    s.connect('t3').detach('t1');
    expect(s.conn('c1')).toMatchObject({ list: null, streams: ['t2', 't3'] });
  });

  it('CANT_MPX_CONN: one stream at a time from now on', () => {
    const s = scene(rules, always).session('s1').connect('t1');
    s.detach('t1', { proto_status: 'CANT_MPX_CONN' });
    expect(s.conn('c1')).toMatchObject({ list: 'safe', avail_streams: 1 });
  });

  it.each(['OVERLOADED', 'UNKNOWN_ROLE'] as const)('%s: closed with this stream', (status) => {
    const s = scene(rules, always).session('s1').connect('t1').connect('t2');
    s.detach('t1', { proto_status: status });
    expect(s.conn('c1')).toMatchObject({ avail_streams: 0, streams: ['t2'] });
    s.detach('t2');
    expect(s.calls).toEqual(['mux_release(c1)', 'conn_free(c1)']);
  });

  it('REQUEST_COMPLETE: as if it said nothing', () => {
    const s = scene(rules, always).session('s1').connect('t1');
    s.detach('t1', { proto_status: 'REQUEST_COMPLETE' });
    expect(s.conn('c1')).toMatchObject({ list: 'safe', avail_streams: 3 });
  });

  it('does not let a blocked stream stay when its status closes the connection', () => {
    const s = scene(rules, always).session('s1').connect('t1');
    s.detach('t1', { blocked: true, proto_status: 'OVERLOADED' });
    expect(s.w.orphans.size).toBe(0);
    expect(s.conn('c1')).toBeNull();
  });

  it('lets an orphan end by its own function', () => {
    const s = scene(rules, always).session('s1').connect('t1').detach('t1', { blocked: true });
    s.do({ event: 'stream_destroy', strm: 't1', dead: true });
    expect(s.conn('c1')).toBeNull();
  });
});

describe('FastCGI where there is no server', () => {
  it('falls back to what a server has unless configured', () => {
    const config = { backends: { d: {} } };
    const s = scene(POST, { config }).session('s1').connect('t1', { target: 'd' });
    const { mux } = scene(POST, always).session('s1').connect('t1').connection('c1').ctx ?? {};
    const cs = s.connection('c1').ctx?.streams[0];
    if (!mux || !cs) throw new Error('both connections have their mux');
    const ctx = mux.init(s.connection('c1'), cs);
    expect([ctx.usedStreams(), ctx.availStreams()]).toEqual([1, 0]);
  });
});
