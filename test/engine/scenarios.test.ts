import { describe, expect, it } from 'vitest';
import { BOTH, connecting, POST, PRE, type Scene, scene } from './support.ts';

/** State of a connection in one line: owner, P (private), listing session, SI (idle mark), list. */
function line(s: Scene, id = 'c1'): string {
  const conn = s.conn(id);
  if (!conn) return 'freed';
  const p = conn.flags.includes('PRIVATE') ? 'P' : '-';
  const si = conn.flags.includes('SESS_IDLE') ? 'SI' : '-';
  return `${conn.owner} ${p} L=${conn.listed_in} ${si} ${conn.list}`;
}

/** `used idle` of the server. */
function counts(s: Scene): string {
  return `${s.srv().curr_used_conns} ${s.srv().curr_idle_conns}`;
}

const later = { not_first: true } as const;
const h2 = { proto: 'h2' } as const;

describe('H1 under http-reuse never', () => {
  it.each([
    [PRE, 'null P L=null - null', 's1 P L=s1 - null', 0],
    [POST, 's1 P L=s1 - null', 's1 P L=s1 SI null', 1],
  ])(
    '%s: private, listed, idle, used again, idle again, freed with its session',
    (rules, fresh, again, idle) => {
      const s = scene(rules, { reuse: 'never' }).session('s1').connect('t1');
      expect([line(s), counts(s)]).toEqual([fresh, '1 0']);
      s.detach('t1');
      expect([line(s), s.sess('s1')?.idle_conns]).toEqual(['s1 P L=s1 SI null', 1]);
      s.connect('t2');
      expect([line(s), s.sess('s1')?.idle_conns, counts(s)]).toEqual([
        's1 P L=s1 - null',
        0,
        '1 0',
      ]);
      s.detach('t2');
      expect([line(s), s.sess('s1')?.idle_conns]).toEqual([again, idle]);
      s.free('s1');
      expect([line(s), counts(s)]).toEqual(['freed', '0 0']);
    },
  );
});

describe.each(BOTH)('H1 under http-reuse safe (%s)', (rules) => {
  it('serves a later request of another session, and is safe then', () => {
    const s = scene(rules).session('s1', 's2').connect('t1');
    expect(line(s)).toBe(`${rules === POST ? 's1' : null} - L=null - null`);
    s.detach('t1');
    expect([line(s), counts(s)]).toEqual(['null - L=null - idle', '0 1']);
    s.connect('t2', { sess: 's2' });
    expect(s.returned).toMatchObject({ reused: false, conn: 'c2' });
    s.connect('t3', { sess: 's2', ...later });
    expect([s.returned.conn, line(s), counts(s)]).toEqual(['c1', 'null - L=null - null', '2 0']);
    expect(line(s.detach('t3'))).toBe('null - L=null - safe');
  });
});

describe('H2 under http-reuse always, shared by two sessions', () => {
  it.each([
    [PRE, 'null', 'null'],
    [POST, 's1', 's1!freed'],
  ])('%s: goes to the pool with the last stream, whoever created it', (rules, owner, stale) => {
    const s = scene(rules, { reuse: 'always', srv: h2 }).session('s1', 's2').connect('t1');
    expect([line(s), counts(s)]).toEqual([`${owner} - L=null - available`, '1 0']);
    s.connect('t2', { sess: 's2' }).detach('t1');
    expect([s.calls, counts(s)]).toEqual([[], '1 0']);
    s.free('s1').detach('t2');
    expect([line(s), counts(s)]).toEqual([`${stale} - L=null - safe`, '0 1']);
  });
});

describe('NTLM on a connection from the pool', () => {
  it.each([
    [PRE, 'null P L=null - null'],
    [POST, 's2 P L=s2 - null'],
  ])('%s: belongs to the authenticated session', (rules, challenged) => {
    const s = scene(rules)
      .session('s1', 's2')
      .exchange('t1')
      .connect('t2', { sess: 's2', ...later });
    expect(line(s.ntlm('t2'))).toBe(challenged);
    s.detach('t2');
    expect([line(s), s.sess('s2')]).toEqual([
      's2 P L=s2 SI null',
      { idle_conns: 1, prefer_last: true, srv_list: [['b/srv', ['c1']]] },
    ]);
  });
});

describe.each(BOTH)('max-session-srv-conns 1, two servers (%s)', (rules) => {
  it('keeps the first idle connection and destroys the second with its entry', () => {
    const setting = { fe: { 'max-session-srv-conns': 1 }, config: { servers: { 'b/two': {} } } };
    const s = scene(rules, { reuse: 'never', ...setting })
      .session('s1')
      .exchange('t1');
    s.exchange('t2', { target: 'b/two' });
    expect([line(s), line(s, 'c2')]).toEqual(['s1 P L=s1 SI null', 'freed']);
    expect(s.sess('s1')).toMatchObject({ idle_conns: 1, srv_list: [['b/srv', ['c1']]] });
  });
});

describe('a mux that waits for the handshake, H1 negotiated, never', () => {
  function idle(rules: string): Scene {
    const s = scene(rules, { reuse: 'never', srv: { alpn: 'h2,http/1.1' } }).session('s1');
    s.connect('t1');
    expect(line(s)).toBe('s1 P L=null - null');
    s.createMux('c1', 'h1');
    expect(line(s)).toBe(rules === PRE ? 's1 P L=null - null' : 's1 P L=s1 - null');
    return s.detach('t1');
  }

  it('is listed, reused and freed with its session (08016ab82)', () => {
    const s = idle(POST);
    expect(line(s)).toBe('s1 P L=s1 SI null');
    expect(s.connect('t2').returned).toMatchObject({ reused: true, conn: 'c1' });
    expect(line(s.detach('t2').free('s1'))).toBe('freed');
  });

  it('is lost: neither listed nor reused, and outlives its session (21ddc74e8)', () => {
    const s = idle(PRE);
    expect(line(s)).toBe('s1 P L=null - null');
    expect(s.connect('t2').returned).toMatchObject({ reused: false, conn: 'c2' });
    expect(line(s.detach('t2').free('s1'))).toBe('s1!freed P L=null - null');
  });
});

describe('a mux that waits for the handshake, H2 negotiated, never (21ddc74e8)', () => {
  it('is counted without being listed, until every further one is killed', () => {
    const s = scene(PRE, { reuse: 'never', srv: { alpn: 'h2' } }).session('s1');
    for (let n = 1; n <= 6; n++) {
      s.connect(`t${n}`).createMux(`c${n}`, 'h2').detach(`t${n}`);
    }
    expect(line(s)).toBe('s1 P L=null SI null');
    expect(line(s, 'c6')).toBe('freed');
    s.release('c1');
    // Nothing of it comes back when they close.
    expect(s.sess('s1')).toMatchObject({ idle_conns: 5, srv_list: [] });
  });
});

describe('an entry that cannot be allocated at the creation (08016ab82)', () => {
  it.each([
    [[], 's1 P L=s1 SI null', '1 0'],
    [['sess_srv_list'], 'freed', '0 0'],
  ] as const)('the detach tries again; then failing %o', (fail, after, used) => {
    const s = scene(POST, { reuse: 'never' }).session('s1');
    s.connect('t1', { fail: ['sess_srv_list'] });
    expect(line(s)).toBe('s1 P L=null - null');
    s.detach('t1', { fail: [...fail] });
    expect([line(s), counts(s)]).toEqual([after, used]);
  });
});

describe('tcp mode, a connect timeout and a retry', () => {
  it.each([
    [PRE, 'c2', false],
    [POST, 'c1', true],
  ])('%s: the retry gets %s', (rules, conn, reused) => {
    const s = scene(rules, { be: { mode: 'tcp' } })
      .session('s1')
      .connect('t1')
      .detach('t1');
    s.do(connecting('t1', { conn: 'c2' }));
    expect([s.returned.conn, s.returned.reused, counts(s)]).toEqual([conn, reused, '1 0']);
  });
});

describe('H1, safe, a connect timeout and a retry', () => {
  it.each([
    [PRE, 'freed', '1 0'],
    [POST, 's1 - L=null - null', '2 0'],
  ])('%s: the first connection is %s', (rules, first, used) => {
    const s = scene(rules).session('s1').connect('t1').detach('t1', { idle: false });
    s.do(connecting('t1', { conn: 'c2' }));
    expect([line(s), counts(s)]).toEqual([first, used]);
    if (rules === POST) expect(line(s.detach('t1').free('s1'))).toBe('s1!freed - L=null - null');
  });
});

describe('two sessions challenged on one shared H2 connection (08016ab82)', () => {
  it('is charged to the second, and leaves an empty entry in the first', () => {
    const s = scene(POST, { reuse: 'always', srv: h2 }).session('s1', 's2').connect('t1');
    s.connect('t2', { sess: 's2' }).ntlm('t1').ntlm('t2').detach('t1').detach('t2');
    expect([line(s), s.sess('s2')?.idle_conns]).toEqual(['s2 P L=s1 SI null', 1]);
    s.release('c1');
    expect(s.sess('s1')?.srv_list).toEqual([['b/srv', []]]);
    expect([s.sess('s1')?.idle_conns, s.sess('s2')?.idle_conns]).toEqual([0, 0]);
  });
});

describe.each(BOTH)('a takeover between threads (%s)', (rules) => {
  it('round robin with two threads never sees the thread next_takeover', () => {
    const s = scene(rules, { config: { nbthread: 2 } }).session('s1');
    s.exchange('t1').connect('t2', { thread: 1, ...later });
    expect(s.returned).toMatchObject({ reused: false, conn: 'c2' });
    expect(s.server().nextTakeover).toBe(0);
    s.detach('t2', { thread: 1 }).connect('t3', later);
    expect([s.returned.conn, s.server().nextTakeover]).toEqual(['c1', 1]);
    s.connect('t4', later);
    expect(s.returned).toMatchObject({ reused: false, conn: 'c4' });
  });
});
