import type { ConnList, ListNode } from '../../engine/objects/list.ts';

/** Makes a link stand for itself, whatever the list thinks that held it. */
export function unlink(node: ListNode): void {
  node.list = null;
  node.prev = null;
  node.next = null;
}

/** Makes a list empty, whatever its members think. */
export function empty(list: ConnList | undefined): void {
  if (!list) return;
  list.first = null;
  list.last = null;
  list.length = 0;
}
