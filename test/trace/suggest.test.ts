import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, suggest, suggestId } from '../../src/trace/text/suggest.ts';

/** The textbook recursion, for comparison. */
function slowDistance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const shorterA = a.slice(0, -1);
  const shorterB = b.slice(0, -1);
  const same = a.at(-1) === b.at(-1) ? 0 : 1;
  let least = Math.min(
    slowDistance(shorterA, b) + 1,
    slowDistance(a, shorterB) + 1,
    slowDistance(shorterA, shorterB) + same,
  );
  if (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1)) {
    least = Math.min(least, slowDistance(a.slice(0, -2), b.slice(0, -2)) + 1);
  }
  return least;
}

describe('suggest', () => {
  const keys = ['event', 'thread', 'sess', 'strm', 'expect', 'note', 'set', 'clear'];

  it.each([
    ['tread', 'thread'],
    ['Thread', 'thread'],
    ['expcet', 'expect'],
    ['sesss', 'sess'],
    ['evnt', 'event'],
  ])('takes %j for %j', (word, meant) => {
    expect(suggest(word, keys)).toBe(meant);
  });

  it.each(['x', 'something', '', 'st', '__proto__', 'e'.repeat(1e6)])(
    'makes no guess about %j',
    (word) => {
      expect(suggest(word, keys)).toBeNull();
    },
  );

  it('does not take one number for another', () => {
    expect(suggest('conn12', ['conn13', 'conn2'])).toBeNull();
    expect(suggest('con12', ['conn12'])).toBe('conn12');
  });

  it.each([
    ['CO_FL_PRIVATE', 'PRIVATE'],
    ['RD_SH', 'SOCK_RD_SH'],
    ['aggr', 'aggressive'],
    ['reuse', 'http-reuse'],
    ['sess_free', 'session_free'],
    ['srv_cleanup_idle_conns', 'srv_cleanup_idle_connections'],
    ['mux_h1', 'h1'],
    ['sessions', 'sess'],
  ])('takes %j for %j, of which it is a part or that is a part of it', (word, meant) => {
    const words = [
      ...['PRIVATE', 'SESS_IDLE', 'SOCK_RD_SH', 'SOCK_WR_SH', 'aggressive', 'always', 'http-reuse'],
      ...['session_free', 'srv_cleanup_idle_connections', 'srv_cleanup_connections', 'h1', 'h2'],
    ];
    expect(suggest(word, meant === 'sess' ? keys : words)).toBe(meant);
  });

  it('takes no part that several have', () => {
    expect(suggest('conn', ['conn_new', 'conn_free'])).toBeNull();
    expect(suggest('session', ['session_new', 'session_free'])).toBeNull();
  });

  it('prefers the nearest, then the first', () => {
    expect(suggest('abcdef', ['abcdxy', 'abcdex', 'abcdey'])).toBe('abcdex');
  });

  it.each([
    ['t2', ['t1'], 't1'],
    ['c12', ['c1', 'c7', 'c11', 'c30'], 'c11'],
    ['t1.conn.3', ['t1.conn', 't1.conn.2'], 't1.conn.2'],
    ['t', ['s1', 't1'], 't1'],
    ['c1', ['s1'], 's1'],
    ['clinet', ['client', 'server'], 'client'],
    ['x', ['y'], null],
    ['t1', ['t1'], null],
    ['other', ['t1'], null],
  ])('takes the id %j of %j for %j', (word, ids, meant) => {
    expect(suggestId(word, ids)).toBe(meant);
  });

  it('measures the edit distance, up to a limit', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 6 }), (a, b, limit) => {
        expect(editDistance(a, b, limit)).toBe(Math.min(slowDistance(a, b), limit + 1));
      }),
    );
  });
});
