import { describe, expect, it } from 'vitest';
import { asksForConnectionAuth } from '../../../src/engine/functions/http-ana.ts';
import { BOTH, POST, PRE, scene } from '../support.ts';

describe('which answers ask for an authentication of the connection', () => {
  it.each<[number, Record<string, string[]>, boolean]>([
    [401, { 'WWW-Authenticate': ['NTLM'] }, true],
    [401, { 'WWW-Authenticate': ['Negotiate'] }, true],
    [401, { 'WWW-Authenticate': ['NTLM TlRMTVNTUAAC'] }, true],
    [401, { 'WWW-Authenticate': ['Nego2'] }, true],
    [401, { 'www-authenticate': ['ntlm'] }, true],
    [401, { 'WwW-AuThEnTiCaTe': ['nEgOtIaTe abc'] }, true],
    [401, { 'WWW-Authenticate': ['Basic realm="x"', 'NTLM'] }, true],
    [401, { 'WWW-Authenticate': ['Basic realm="x", NTLM'] }, true],
    [401, { 'WWW-Authenticate': ['Basic realm="x" ,\tNegotiate'] }, true],
    [401, { 'WWW-Authenticate': ['Basic realm="a, NTLM"'] }, false],
    [401, { 'WWW-Authenticate': ['Basic realm="a\\", NTLM"'] }, false],
    [401, { 'WWW-Authenticate': ['Basic realm="a\\\\", NTLM'] }, true],
    [401, { 'WWW-Authenticate': ['Basic realm="NTLM"'] }, false],
    [401, { 'WWW-Authenticate': ['XNTLM'] }, false],
    [401, { 'WWW-Authenticate': ['Neg'] }, false],
    [401, { 'WWW-Authenticate': [] }, false],
    [401, { 'WWW-Authenticate': [''] }, false],
    [401, { 'Proxy-Authenticate': ['NTLM'] }, false],
    [407, { 'Proxy-Authenticate': ['NTLM'] }, true],
    [407, { 'WWW-Authenticate': ['NTLM'] }, false],
    [200, { 'WWW-Authenticate': ['NTLM'], 'Proxy-Authenticate': ['NTLM'] }, false],
    [403, { 'WWW-Authenticate': ['Negotiate'] }, false],
  ])('%i %o: %s', (status, headers, asks) => {
    expect(asksForConnectionAuth({ status, headers })).toBe(asks);
  });

  it('not without headers', () => {
    expect(asksForConnectionAuth({ status: 401 })).toBe(false);
  });
});

describe.each(BOTH)('http_wait_for_response (%s)', (rules) => {
  it('does nothing for any other answer', () => {
    const s = scene(rules).session('s1').connect('t1').ntlm('t1', { status: 200 });
    expect(s.calls).toEqual([]);
    expect(s.conn('c1')?.flags).toEqual([]);
    expect(s.sess('s1')?.prefer_last).toBe(false);
  });

  it('makes the session prefer its last server, for ever', () => {
    const s = scene(rules).session('s1').connect('t1').ntlm('t1').detach('t1').release('c1');
    expect(s.sess('s1')?.prefer_last).toBe(true);
  });

  it('takes the connection off the available list', () => {
    const s = scene(rules, { reuse: 'always', srv: { proto: 'h2' } })
      .session('s1')
      .connect('t1');
    expect(s.ntlm('t1').srv().available).toEqual([]);
    expect(s.conn('c1')).toMatchObject({ list: null, flags: ['PRIVATE'] });
  });

  it('is impossible for a stream without a connection, or on a freed one', () => {
    const s = scene(rules, { reuse: 'always', srv: { proto: 'h2' } })
      .session('s1')
      .connect('t1');
    const answer = { event: 'http_wait_for_response', status: 401 } as const;
    expect(s.refusal({ ...answer, strm: 't2' })).toMatch(/no connection/);
    s.connect('t2', { error: 'address' });
    expect(s.refusal({ ...answer, strm: 't1' })).toMatch(/freed under stream t1/);
  });
});

describe('http_wait_for_response: NTLM or Negotiate (08016ab82)', () => {
  it('gives the connection to the session of the answer, and lists it', () => {
    const s = scene(POST).session('s1').connect('t1').ntlm('t1');
    expect(s.calls).toEqual([
      'conn_set_owner(c1, s1)',
      'conn_set_private(c1)',
      'session_add_conn(s1, c1) = 1',
    ]);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: 's1', flags: ['PRIVATE'] });
    expect(s.sess('s1')).toMatchObject({ prefer_last: true, srv_list: [['b/srv', ['c1']]] });
  });

  it('goes on unlisted when the entry cannot be allocated', () => {
    const s = scene(POST)
      .session('s1')
      .connect('t1')
      .ntlm('t1', { fail: ['sess_srv_list'] });
    expect(s.calls.at(-1)).toBe('session_add_conn(s1, c1) = 0');
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: null, flags: ['PRIVATE'] });
  });

  it('takes it from the session that has it, whose list keeps it', () => {
    const s = scene(POST, { reuse: 'always', srv: { proto: 'h2' } }).session('s1', 's2');
    s.connect('t1').connect('t2', { sess: 's2' }).ntlm('t1').ntlm('t2');
    expect(s.conn('c1')).toMatchObject({ owner: 's2', listed_in: 's1' });
    expect(s.sess('s2')).toMatchObject({ prefer_last: true, srv_list: [] });
  });

  it('changes nothing more when it is repeated', () => {
    const s = scene(POST).session('s1').connect('t1').ntlm('t1');
    const before = s.conn('c1');
    expect(s.ntlm('t1').conn('c1')).toEqual(before);
  });
});

describe('http_wait_for_response: NTLM or Negotiate (21ddc74e8)', () => {
  it('makes the connection private; owner and list wait for the detach', () => {
    const s = scene(PRE).session('s1').connect('t1').ntlm('t1');
    expect(s.calls).toEqual(['conn_set_private(c1)']);
    expect(s.conn('c1')).toMatchObject({ owner: null, listed_in: null, flags: ['PRIVATE'] });
    expect(s.sess('s1')?.prefer_last).toBe(true);
    expect(s.detach('t1').conn('c1')).toMatchObject({ owner: 's1', listed_in: 's1' });
  });
});
