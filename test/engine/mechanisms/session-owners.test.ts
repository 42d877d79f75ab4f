import { describe, expect, it } from 'vitest';
import { sessSrvList } from '../../../src/engine/mechanisms/session-conns/sess-srv-list.ts';
import { CO_FL_SESS_IDLE } from '../../../src/engine/objects/connection-t.ts';
import type { TraceEvent } from '../../../src/format/index.ts';
import { MULTIPLEXERS, type Scene, scene } from '../support.ts';

const { sessionAddConn, sessionCheckIdleConn, sessionUnownConn } = sessSrvList;

const R230 = '2.3.0';
const ADDS = '38b4d2eb2';
const CLEARS = '3aab17bd5';

/** Private and in no list, because no memory was left; s1 made it. */
function unlisted(rules: string, owner: string | null): Scene {
  const s = scene(rules, { reuse: 'never' }).session('s1', 's2');
  s.connect('t1', { fail: ['sess_srv_list'] }).own('c1', owner);
  s.w.begin({});
  return s;
}

/** In the list of s1, its owner. */
function listed(rules: string): Scene {
  const s = scene(rules, { reuse: 'never' }).session('s1', 's2').connect('t1');
  s.w.begin({});
  return s;
}

/** An H2 or FastCGI connection of s1 and s2, challenged for s2 and given up: private, nobody’s. */
function givenUp(rules: string, proto: 'h2' | 'fcgi', streams: number): Scene {
  const s = scene(rules, { reuse: 'always', srv: { proto, 'streams-limit': 4 } });
  s.session('s1', 's2').connect('t1');
  s.connect('t2', { sess: 's2', conn: 'c1' });
  for (let n = 3; n <= streams; n++) s.connect(`t${n}`, { conn: 'c1' });
  s.ntlm('t2', { fail: ['sess_srv_list'] }).detach('t2', { fail: ['sess_srv_list'] });
  expect(s.conn('c1')).toMatchObject({ owner: null, listed_in: null, flags: ['PRIVATE'] });
  return s;
}

describe.each([ADDS, CLEARS])('session_add_conn, a connection without an owner (%s)', (rules) => {
  it('is listed for whoever asks, and has no owner then either', () => {
    const s = unlisted(rules, null);
    expect(sessionAddConn(s.w, s.theSession('s2'), s.connection('c1'))).toBe(true);
    expect(s.conn('c1')).toMatchObject({ owner: null, listed_in: 's2' });
    expect(s.decisions).toEqual(['session.add.ownerless', 'session.add.insert']);
  });

  it('is not listed without memory', () => {
    const s = unlisted(rules, null);
    s.w.begin({ fail: ['sess_srv_list'] });
    expect(sessionAddConn(s.w, s.theSession('s2'), s.connection('c1'))).toBe(false);
    expect(s.conn('c1')).toMatchObject({ owner: null, listed_in: null });
  });

  it('is left alone where another session owns it, or a list holds it', () => {
    const s = unlisted(rules, 's1');
    expect(sessionAddConn(s.w, s.theSession('s2'), s.connection('c1'))).toBe(true);
    expect(s.conn('c1')?.listed_in).toBeNull();
    const other = listed(rules).own('c1', null);
    expect(sessionAddConn(other.w, other.theSession('s2'), other.connection('c1'))).toBe(true);
    expect(other.conn('c1')).toMatchObject({ owner: null, listed_in: 's1' });
  });

  it('is not counted by the session that lists it', () => {
    const s = unlisted(rules, null);
    sessionAddConn(s.w, s.theSession('s1'), s.connection('c1'));
    expect(sessionCheckIdleConn(s.w, s.theSession('s1'), s.connection('c1'))).toBe(true);
    expect(s.sess('s1')?.idle_conns).toBe(0);
    expect(s.conn('c1')?.flags).toEqual(['PRIVATE']);
  });
});

it(`session_add_conn leaves a connection without an owner unlisted (${R230})`, () => {
  const s = unlisted(R230, null);
  expect(sessionAddConn(s.w, s.theSession('s2'), s.connection('c1'))).toBe(true);
  expect(s.conn('c1')).toMatchObject({ owner: null, listed_in: null });
  expect(s.decisions).toEqual(['session.add.not-owner']);
});

describe.each(MULTIPLEXERS)('%s_detach of a private connection that nobody owns', (mux) => {
  it(`lists it for the session of a stream that leaves (${ADDS}), or not (${R230})`, () => {
    expect(givenUp(ADDS, mux, 3).detach('t1').conn('c1')).toMatchObject({ listed_in: 's1' });
    expect(givenUp(R230, mux, 3).detach('t1').conn('c1')).toMatchObject({ listed_in: null });
  });

  it('reads NULL with the last stream, listed or not', () => {
    for (const rules of [R230, ADDS, CLEARS]) {
      const crash = givenUp(rules, mux, 2).crash({ event: 'detach', strm: 't1' });
      expect(crash).toBe('session_check_idle_conn');
    }
  });

  it(`destroys it when it cannot be listed (${ADDS}); reads NULL before (${R230})`, () => {
    const fails: TraceEvent = { event: 'detach', strm: 't1', fail: ['sess_srv_list'] };
    const s = givenUp(ADDS, mux, 2);
    expect(s.crash(fails)).toBeNull();
    expect(s.conn('c1')).toBeNull();
    expect(givenUp(R230, mux, 2).crash(fails)).toBe('session_check_idle_conn');
  });

  it(`leaves it to NULL to give up (${ADDS}), where it was in no list before (${R230})`, () => {
    const last = { event: 'detach', strm: 't3' } as const;
    for (const rules of [ADDS, CLEARS]) {
      const s = givenUp(rules, mux, 3)
        .detach('t1')
        .update('c1', { set: ['ERROR'] });
      expect(s.crash(last)).toBe('session_unown_conn');
      expect(s.calls).toContain('session_unown_conn(NULL, c1)');
    }
    const s = givenUp(R230, mux, 3)
      .detach('t1')
      .update('c1', { set: ['ERROR'] });
    expect(s.crash(last)).toBeNull();
    expect(s.conn('c1')).toBeNull();
  });
});

describe(`session_unown_conn (${CLEARS})`, () => {
  it('takes the owner away with the list, and the idle mark is counted off', () => {
    const s = listed(CLEARS);
    s.connection('c1').flags |= CO_FL_SESS_IDLE;
    s.theSession('s1').idleConns = 1;
    sessionUnownConn(s.w, s.theSession('s1'), s.connection('c1'));
    expect(s.conn('c1')).toMatchObject({ owner: null, listed_in: null });
    expect(s.sess('s1')).toMatchObject({ idle_conns: 0, srv_list: [] });
    expect(s.decisions).toContain('session.unown.disowned');
  });

  it.each([
    ['NULL', null],
    ['freed', 's1'],
  ])('does nothing for a connection in no list, of a session that is %s', (_, id) => {
    const s = unlisted(CLEARS, id);
    const sess = id === null ? null : s.theSession(id);
    if (sess) sess.freed = true;
    sessionUnownConn(s.w, sess, s.connection('c1'));
    expect(s.decisions).toEqual(['session.unown.not-listed']);
    expect(s.connection('c1').owner).toBe(sess);
  });

  it('reads a session that is freed where another one lists the connection', () => {
    const s = listed(CLEARS);
    const gone = s.theSession('s2');
    gone.freed = true;
    expect(() => sessionUnownConn(s.w, gone, s.connection('c1'))).toThrow(
      expect.objectContaining({ fn: 'session_unown_conn' }),
    );
  });
});

describe.each([R230, ADDS])('session_unown_conn (%s)', (rules) => {
  it('leaves the owner with the connection', () => {
    const s = listed(rules);
    sessionUnownConn(s.w, s.theSession('s1'), s.connection('c1'));
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: null });
  });

  it('reads a session that is freed for a connection in no list', () => {
    const s = unlisted(rules, 's1');
    const gone = s.theSession('s1');
    gone.freed = true;
    expect(() => sessionUnownConn(s.w, gone, s.connection('c1'))).toThrow(
      expect.objectContaining({ fn: 'session_unown_conn' }),
    );
  });
});

describe.each(MULTIPLEXERS)(
  'the last stream leaves a shared connection whose creator has ended (%s)',
  (proto) => {
    const ended = (rules: string): Scene => {
      const s = scene(rules, { reuse: 'always', srv: { proto, 'streams-limit': 2 } });
      s.session('s1', 's2').connect('t1').connect('t2', { sess: 's2', conn: 'c1' });
      return s.detach('t1').free('s1');
    };

    it(`reads the dead session (${R230}, ${ADDS})`, () => {
      for (const rules of [R230, ADDS]) {
        expect(ended(rules).crash({ event: 'detach', strm: 't2' })).toBe('session_unown_conn');
      }
    });

    it(`is pooled without an owner (${CLEARS})`, () => {
      const s = ended(CLEARS).detach('t2');
      expect(s.conn('c1')).toMatchObject({ owner: null, list: 'safe', listed_in: null });
    });
  },
);
