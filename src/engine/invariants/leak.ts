import type { World } from '../objects/world.ts';

/** What `leavesLeak` has found, as a sentence. */
export const LEAK_SAYS =
  'A connection stays without a stream and in no list, and no live session owns it';

/**
 * Has the last step left a connection without a stream and in no list, and no live session owns it?
 * Nothing finds it any more: only its own timeout or the server can end it.
 */
export function leavesLeak(w: World): boolean {
  for (const entity of w.log.touched) {
    if (entity.kind !== 'conn' || entity.freed) continue;
    const { list, sessionList, streams, ctx, owner } = entity;
    if (list.linked || sessionList.linked || streams > 0 || owner?.freed === false) continue;
    // 3c82d8b32: it ends when it has sent what is left.
    const isFlushing = w.rules.h1NotIdle !== 'kept' && ctx?.mux.name === 'h1' && ctx.closing;
    if (!isFlushing && (ctx === null || ctx.orphans.length === 0)) return true;
  }
  return false;
}
