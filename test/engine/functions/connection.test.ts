import { describe, expect, it } from 'vitest';
import { connInstallMux } from '../../../src/engine/functions/conn-install-mux.ts';
import {
  connFree,
  connFullClose,
  connNew,
  connSetOwner,
  connSetPrivate,
} from '../../../src/engine/functions/connection.ts';
import { muxByName } from '../../../src/engine/functions/mux/mux.ts';
import { CO_FL_SESS_IDLE, CO_FL_XPRT_READY } from '../../../src/engine/objects/connection-t.ts';
import { BOTH, scene, the } from '../support.ts';

const UINT_MAX = 4294967295;

describe.each(BOTH)('conn_new (%s)', (rules) => {
  it('makes a connection that nobody owns, in no list, that no server counts', () => {
    const s = scene(rules);
    connNew(s.w, 'c1', s.server());
    expect(s.calls).toEqual(['conn_new() = c1']);
    expect(s.conn('c1')).toMatchObject({
      owner: null,
      flags: [],
      listed_in: null,
      list: null,
      mux: null,
      used_streams: null,
      avail_streams: null,
      target: 'b/srv',
      streams: [],
      io: [],
    });
    expect(s.srv().curr_used_conns).toBe(0);
  });

  it('gives NULL when memory is short', () => {
    const s = scene(rules);
    s.w.begin({ fail: ['connection'] });
    expect(connNew(s.w, 'c1', s.server())).toBeNull();
    expect(s.calls).toEqual(['conn_new() = NULL']);
    expect(s.conn('c1')).toBeNull();
  });
});

describe.each(BOTH)('conn_free (%s)', (rules) => {
  it('counts a used connection off', () => {
    const s = scene(rules)
      .session('s1')
      .connect('t1')
      .connect('t2')
      .detach('t1', { shutdown: true });
    expect(s.srv()).toMatchObject({ curr_used_conns: 1, max_used_conns: 2, est_need_conns: 2 });
  });

  it('counts a connection of the idle list off as idle', () => {
    const s = scene(rules).session('s1').exchange('t1').release('c1');
    expect(s.srv()).toMatchObject({
      idle: [],
      curr_idle_conns: 0,
      curr_idle_nb: 0,
      curr_safe_nb: 0,
      curr_used_conns: 0,
    });
    expect(s.server().currIdleThr).toEqual([0]);
  });

  it('counts a connection of the safe list off as safe', () => {
    const s = scene(rules).session('s1').exchange('t1').exchange('t2', { not_first: true });
    expect(s.srv()).toMatchObject({ safe: ['c1'], curr_safe_nb: 1 });
    s.release('c1');
    expect(s.srv()).toMatchObject({ safe: [], curr_idle_conns: 0, curr_idle_nb: 0 });
    expect(s.srv().curr_safe_nb).toBe(0);
  });

  it('counts off what waits on the removal list', () => {
    const s = scene(rules).session('s1').exchange('t1');
    s.do({ event: 'srv_cleanup_connections', srv: 'b/srv' }).release('c1');
    expect(s.srv()).toMatchObject({ curr_idle_conns: 0, curr_idle_nb: 0, curr_used_conns: 0 });
    expect(the(s.w.toremove[0]).length).toBe(0);
  });

  it('counts off on the thread that frees, which wraps below zero on the wrong one', () => {
    const s = scene(rules, { config: { nbthread: 2 } })
      .session('s1')
      .exchange('t1');
    s.release('c1', 1);
    expect(s.server().currIdleThr).toEqual([1, UINT_MAX]);
    expect(s.srv().curr_idle_conns).toBe(0);
  });

  it('lets the used counter wrap at 32 bits', () => {
    const s = scene(rules).session('s1').connect('t1');
    s.server().currUsedConns = 0;
    connFree(s.w, s.connection('c1'));
    expect(s.srv().curr_used_conns).toBe(UINT_MAX);
  });

  it.each(['idle', 'safe'] as const)('lets the %s counters wrap at 32 bits', (list) => {
    const s = scene(rules).session('s1').exchange('t1');
    if (list === 'safe') s.exchange('t2', { not_first: true });
    const srv = s.server();
    srv.currIdleConns = 0;
    srv.currIdleNb = 0;
    srv.currSafeNb = 0;
    srv.currIdleThr[0] = 0;
    s.release('c1');
    expect(srv).toMatchObject({
      currIdleConns: UINT_MAX,
      currIdleNb: list === 'idle' ? UINT_MAX : 0,
      currSafeNb: list === 'safe' ? UINT_MAX : 0,
      currIdleThr: [UINT_MAX],
    });
  });

  it('counts nothing where there is no server', () => {
    const s = scene(rules, { config: { backends: { d: { 'http-reuse': 'never' } } } });
    s.session('s1').connect('t1', { target: 'd' }).detach('t1', { idle: false, shutdown: true });
    expect(s.conn('c1')).toBeNull();
    expect(s.srv().curr_used_conns).toBe(0);
  });

  it('leaves the session list: one idle connection less when it was counted', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').exchange('t1').release('c1');
    expect(s.calls).toEqual(['mux_release(c1)', 'conn_free(c1)', 'session_unown_conn(s1, c1)']);
    expect(s.sess('s1')).toEqual({ idle_conns: 0, prefer_last: false, srv_list: [] });
  });

  it('leaves the session list without counting when it was not marked idle', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').connect('t1').connect('t2');
    s.detach('t1').detach('t2');
    s.connection('c1').flags &= ~CO_FL_SESS_IDLE;
    s.release('c1');
    expect(s.sess('s1')).toMatchObject({ idle_conns: 2, srv_list: [['b/srv', ['c2']]] });
  });

  it('lets the signed count of the session go below zero', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').exchange('t1');
    s.theSession('s1').idleConns = 0;
    s.release('c1');
    expect(s.sess('s1')?.idle_conns).toBe(-1);
  });

  it.each([
    ['counted as idle', CO_FL_SESS_IDLE, 'conn_free'],
    ['not counted', 0, 'session_unown_conn'],
  ])('reads through the owner of a listed connection that is %s', (_, mark, fn) => {
    for (const freed of [false, true]) {
      const s = scene(rules, { reuse: 'never' }).session('s1').exchange('t1');
      const conn = s.connection('c1');
      conn.flags = (conn.flags & ~CO_FL_SESS_IDLE) | mark;
      if (freed) s.theSession('s1').freed = true;
      else s.own('c1', null);
      expect(s.crash({ event: 'mux_release', conn: 'c1' })).toBe(fn);
    }
  });

  it('spins on an element that its caller still holds', () => {
    const s = scene(rules).session('s1').exchange('t1');
    s.connection('c1').listBusy = true;
    expect(s.crash({ event: 'mux_release', conn: 'c1' })).toBe('conn_free');
  });
});

describe.each(BOTH)('conn_set_owner (%s)', (rules) => {
  it('overwrites the owner and looks at no list', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1', 's2').exchange('t1');
    connSetOwner(s.w, s.connection('c1'), s.theSession('s2'));
    expect(s.conn('c1')).toMatchObject({ owner: 's2', listed_in: 's1' });
    expect(s.calls).toContain('conn_set_owner(c1, s2)');
  });
});

describe.each(BOTH)('conn_set_private (%s)', (rules) => {
  it('takes the connection out of the server list; owner, mask and counters stay', () => {
    const s = scene(rules).session('s1').exchange('t1');
    connSetPrivate(s.w, s.connection('c1'));
    expect(s.conn('c1')).toMatchObject({ owner: null, flags: ['PRIVATE', 'IDLE_LIST'] });
    expect(s.conn('c1')?.list).toBeNull();
    expect(s.srv()).toMatchObject({ idle: [], curr_idle_conns: 1, curr_idle_nb: 1 });
    expect(s.connection('c1').countedIdle).toBe(true);
  });

  it('leaves the session list alone', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').exchange('t1');
    connSetPrivate(s.w, s.connection('c1'));
    expect(s.conn('c1')?.listed_in).toBe('s1');
  });
});

describe.each(BOTH)('conn_install_mux (%s)', (rules) => {
  it('leaves the connection without mux, and the stream waiting, when memory is short', () => {
    const s = scene(rules, { srv: { alpn: 'h2' } })
      .session('s1')
      .connect('t1');
    s.w.begin({ fail: ['mux'] });
    const conn = s.connection('c1');
    expect(connInstallMux(s.w, conn, muxByName('h2'), the(conn.cs), conn.owner)).toBe(false);
    expect(s.conn('c1')).toMatchObject({ mux: null, streams: ['t1'] });
  });

  it.each(['h1', 'h2', 'fcgi', 'pt'] as const)('gives the waiting stream to %s', (mux) => {
    const s = scene(rules, { srv: { alpn: 'x' } })
      .session('s1')
      .connect('t1')
      .createMux('c1', mux);
    expect(s.conn('c1')).toMatchObject({ mux, used_streams: 1, streams: ['t1'] });
  });
});

describe.each(BOTH)('conn_full_close (%s)', (rules) => {
  it('takes the transport away, so that the session lookup passes the connection over', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').exchange('t1');
    connFullClose(s.w, s.connection('c1'));
    expect(s.connection('c1').has(CO_FL_XPRT_READY)).toBe(false);
    expect(s.connect('t2').returned).toMatchObject({ reused: false, conn: 'c2' });
  });
});

describe.each(BOTH)('cs_destroy (%s)', (rules) => {
  it('closes and frees a connection without a mux', () => {
    const s = scene(rules, { srv: { alpn: 'h2' } })
      .session('s1')
      .connect('t1')
      .detach('t1');
    expect(s.calls).toEqual(['conn_free(c1)']);
    expect(s.srv().curr_used_conns).toBe(0);
    expect(s.w.streams.size).toBe(0);
  });

  it('uses a connection that was freed under its streams', () => {
    const s = scene(rules, { reuse: 'always', srv: { proto: 'h2' } }).session('s1', 's2');
    s.connect('t1').connect('t2', { sess: 's2', error: 'address' });
    expect(s.returned).toMatchObject({ ret: 'INTERNAL', reused: true, conn: 'c1' });
    expect(s.conn('c1')).toBeNull();
    expect(s.crash({ event: 'detach', strm: 't1' })).toBe('cs_destroy');
  });
});
