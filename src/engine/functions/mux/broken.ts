import {
  CO_FL_ANY_SH,
  CO_FL_ERROR,
  type Connection,
  MUX_FL_ALL,
  MUX_FL_ANY_ERROR,
  MUX_FL_ERROR,
} from '../../objects/connection-t.ts';
import type { World } from '../../objects/world.ts';

/*
 * What makes a connection unfit, in the eyes of its mux: the flags of the connection, or from 2.8.0
 * on those of the mux, which has not read yet what the connection has been told; releases R7b.3.
 */

/** Nobody may reuse it: it is in error, or shut in one direction. */
export function isBroken({ rules }: World, conn: Connection): boolean {
  return conn.has(rules.muxErrors === 'own' ? MUX_FL_ALL : CO_FL_ANY_SH);
}

/** It is in error, or about to be: what is blocked on it does not wait. */
export function isFailing({ rules }: World, conn: Connection): boolean {
  return conn.has(rules.muxErrors === 'own' ? MUX_FL_ANY_ERROR : CO_FL_ERROR);
}

/** It is in error: it ends as soon as no stream is left. */
export function isInError({ rules }: World, conn: Connection): boolean {
  return conn.has(rules.muxErrors === 'own' ? MUX_FL_ERROR : CO_FL_ERROR);
}
