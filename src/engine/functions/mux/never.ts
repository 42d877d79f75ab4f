import { CO_FL_PRIVATE, type Connection } from '../../objects/connection-t.ts';
import type { Rule } from '../../objects/rule.ts';
import { REUSE_NEVR, reuseOf, whyNever } from '../../objects/server-t.ts';
import type { World } from '../../objects/world.ts';
import { connSetPrivate } from '../connection.ts';

/**
 * Before c64badd57 it was h1_detach, h2_detach and fcgi_detach that made a connection private under
 * `http-reuse never`: one that was to be kept, and under the reuse mode of the mux, which is that
 * of the target.
 */
export function applyNever(w: World, conn: Connection, rule: Rule): void {
  if (w.rules.neverIsPrivate === 'creation' || conn.has(CO_FL_PRIVATE)) return;
  if (reuseOf(conn.target) !== REUSE_NEVR) return;
  w.log.decide(rule, conn, whyNever(conn.target));
  connSetPrivate(w, conn);
}
