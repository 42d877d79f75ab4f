import type { ListName } from '../../format/index.ts';
import type { Connection } from './connection-t.ts';
import type { Server } from './server-t.ts';
import type { SessSrvList } from './session-t.ts';

/**
 * The link of a connection in at most one list: HAProxy's `struct mt_list list` and
 * `struct list session_list` as members of a connection. Its "self-linked" is `list === null`.
 */
export class ListNode {
  list: ConnList | null = null;
  prev: ListNode | null = null;
  next: ListNode | null = null;

  constructor(readonly conn: Connection) {}

  /** Stands for itself again, whatever the list thinks that held it. */
  forget(): void {
    this.list = null;
    this.prev = null;
    this.next = null;
  }

  /** Is the connection in a list? */
  get linked(): boolean {
    return this.list !== null;
  }
}

/** The members of a connection that link it into a list. */
export type NodeName = 'list' | 'sessionList' | 'ownerLink' | 'toremoveList' | 'idleList';

/**
 * An intrusive list of connections that keeps its order and knows whose it is. Adding and
 * removing cost the same for any length.
 */
export class ConnList {
  first: ListNode | null = null;
  last: ListNode | null = null;
  length = 0;

  constructor(
    /** The list's name in a trace; null for the list of a session entry. */
    readonly name: ListName | null,
    /** The server whose list it is, or null. */
    readonly srv: Server | null,
    /** The session entry whose list it is, or null. */
    readonly entry: SessSrvList | null,
    /** Which member of a connection links it in here. */
    readonly node: NodeName,
    /** It stands for a tree: connections are looked up by key, the oldest of a key first. */
    readonly isTree = false,
  ) {}

  /** The member of a connection that links it in here. */
  nodeOf(conn: Connection): ListNode {
    switch (this.node) {
      case 'list':
        return conn.list;
      case 'sessionList':
        return conn.sessionList;
      case 'ownerLink':
        return conn.ownerLink;
      case 'toremoveList':
        return conn.toremoveList;
      case 'idleList':
        return conn.idleList;
    }
  }

  /** LIST_ADDQ: adds at the end. The node must be in no list. */
  append(node: ListNode): void {
    this.#claim(node);
    node.prev = this.last;
    if (this.last) this.last.next = node;
    else this.first = node;
    this.last = node;
  }

  /** LIST_ADD: adds at the head. The node must be in no list. */
  prepend(node: ListNode): void {
    this.#claim(node);
    node.next = this.first;
    if (this.first) this.first.prev = node;
    else this.last = node;
    this.first = node;
  }

  /** LIST_DEL and LIST_INIT: takes the node out of this list. The node must be in it. */
  remove(node: ListNode): void {
    if (node.list !== this) throw new Error('list: removing a node that another list holds');
    if (node.prev) node.prev.next = node.next;
    else this.first = node.next;
    if (node.next) node.next.prev = node.prev;
    else this.last = node.prev;
    node.forget();
    this.length--;
  }

  /** Takes every connection out. */
  clear(): void {
    let node = this.first;
    while (node) {
      const { next } = node;
      node.forget();
      node = next;
    }
    this.first = null;
    this.last = null;
    this.length = 0;
  }

  /** The connections in list order. */
  toArray(): Connection[] {
    const conns: Connection[] = [];
    for (let node = this.first; node; node = node.next) conns.push(node.conn);
    return conns;
  }

  #claim(node: ListNode): void {
    if (node.list) throw new Error('list: adding a node that a list holds already');
    node.list = this;
    this.length++;
  }
}
