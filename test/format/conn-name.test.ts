import { expect, test } from 'vitest';
import { connNameOf, connOf } from '../../src/format/conn-name.ts';

test.each([
  ['t1', 1, 't1.conn'],
  ['t1', 2, 't1.conn.2'],
  ['a.conn', 12, 'a.conn.conn.12'],
  ['a\nb', 1, 'a\nb.conn'],
])('a connection of %j that no event names, number %i, is %j', (strm, number, name) => {
  expect(connOf(strm, number)).toBe(name);
  expect(connNameOf(name)).toEqual({ strm, rest: name.slice(strm.length) });
});

test.each(['c1', '.conn', 't1.conn.', 't1.conn.x', 't1.conn2', 't1.connection'])(
  '%j is another name',
  (name) => expect(connNameOf(name)).toBeNull(),
);
