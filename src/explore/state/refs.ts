import type { Connection } from '../../engine/objects/connection-t.ts';
import type { Target } from '../../engine/objects/server-t.ts';
import type { Session } from '../../engine/objects/session-t.ts';

/** References to sessions and connections in a packed state: nothing, a slot, or what is freed. */
export const NOBODY = 0;
export const FREED = 15;

/** What stands for a connection that lives on the other side only. */
export const ABSENT = 0xff;

/** Bits of a reference. */
export const REF_BITS = 4;

/** References to the objects of one side, by the places that a gathering has given them. */
export interface Refs {
  readonly sessRefs: Uint8Array;
  /** `FREED` as long as the connection has no rank. */
  readonly connRefs: Uint8Array;
  /** The connections at these places: who is not there is freed, and nobody streams over it. */
  readonly conns: readonly (Connection | null)[];
  readonly targets: readonly Target[];
}

/** What references stand for on one side, by them. */
export interface Referred {
  readonly sess: (Session | null)[];
  readonly conn: (Connection | null)[];
  /** By target: what stands for a connection that is gone. */
  readonly freed: readonly Connection[];
}

/** A session as a number from 1, `NOBODY` or `FREED`. */
export function refSession({ sessRefs }: Refs, sess: Session | null): number {
  if (sess === null) return NOBODY;
  return sess.freed ? FREED : (sessRefs[sess.place] ?? FREED);
}

/** A connection as a number from 1, `NOBODY`, or `FREED` when no stream points to it any more. */
export function refConn({ connRefs, conns }: Refs, conn: Connection | null): number {
  if (conn === null) return NOBODY;
  return conns[conn.place] === conn ? (connRefs[conn.place] ?? FREED) : FREED;
}

/** Where a thing stands among a few that it is one of. */
export function placeIn<Thing>(things: readonly Thing[], thing: Thing): number {
  let at = 0;
  while (at < things.length && things[at] !== thing) at++;
  return at;
}
