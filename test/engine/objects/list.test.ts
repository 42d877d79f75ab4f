import { describe, expect, it } from 'vitest';
import { Connection } from '../../../src/engine/objects/connection-t.ts';
import { ConnList } from '../../../src/engine/objects/list.ts';
import { Backend } from '../../../src/engine/objects/server-t.ts';
import { the } from '../support.ts';

const target = new Backend('b', {}, false);

function conns(...ids: string[]): Connection[] {
  return ids.map((id) => new Connection(id, target));
}

function list(...members: Connection[]): ConnList {
  const made = new ConnList('idle', null, null, 'list');
  for (const conn of members) made.append(conn.list);
  return made;
}

/** Ids from head to tail and from tail to head: both have to tell the same. */
function ids(of: ConnList): string {
  const forth = of.toArray().map((conn) => conn.id);
  const back: string[] = [];
  for (let node = of.last; node; node = node.prev) back.unshift(node.conn.id);
  expect(back).toEqual(forth);
  expect(of.length).toBe(forth.length);
  return forth.join(' ');
}

describe('ConnList', () => {
  it('starts empty', () => {
    expect(ids(list())).toBe('');
  });

  it('appends at the end and prepends at the head', () => {
    const [a, b, c, d] = conns('a', 'b', 'c', 'd');
    const l = list(the(b));
    l.append(the(c).list);
    l.prepend(the(a).list);
    l.append(the(d).list);
    expect(ids(l)).toBe('a b c d');
  });

  it('prepends to an empty list', () => {
    const [a] = conns('a');
    const l = list();
    l.prepend(the(a).list);
    expect(ids(l)).toBe('a');
  });

  it.each([
    ['head', 'a', 'b c'],
    ['middle', 'b', 'a c'],
    ['tail', 'c', 'a b'],
  ])('removes the %s', (_, id, left) => {
    const all = conns('a', 'b', 'c');
    const l = list(...all);
    const node = the(all.find((conn) => conn.id === id)).list;
    l.remove(node);
    expect(ids(l)).toBe(left);
    expect(node).toMatchObject({ linked: false, list: null, prev: null, next: null });
  });

  it('is empty again after its only member has left', () => {
    const [a] = conns('a');
    const l = list(the(a));
    l.remove(the(a).list);
    expect(ids(l)).toBe('');
    l.append(the(a).list);
    expect(ids(l)).toBe('a');
  });

  it('refuses a node that a list holds, be it the same list', () => {
    const [a] = conns('a');
    const l = list(the(a));
    expect(() => l.append(the(a).list)).toThrow(/holds already/);
    expect(() => list().prepend(the(a).list)).toThrow(/holds already/);
    expect(ids(l)).toBe('a');
  });

  it('refuses to remove the node of another list', () => {
    const [a, b] = conns('a', 'b');
    const l = list(the(a));
    expect(() => l.remove(the(b).list)).toThrow(/another list/);
    expect(() => list(the(b)).remove(the(a).list)).toThrow(/another list/);
    expect(ids(l)).toBe('a');
  });

  it('holds a connection by either of its two links', () => {
    const [a] = conns('a');
    const pool = list(the(a));
    const listed = new ConnList(null, null, null, 'sessionList');
    listed.append(the(a).sessionList);
    pool.remove(the(a).list);
    expect([ids(pool), ids(listed)]).toEqual(['', 'a']);
  });
});
