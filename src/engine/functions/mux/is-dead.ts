import type { Connection } from '../../objects/connection-t.ts';
import type { MuxContext } from '../../objects/mux-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { World } from '../../objects/world.ts';
import { isInError } from './broken.ts';
import type { DetachRules } from './multiplexed-rules.ts';

const GOAWAY = rulesOf('h2c_is_dead', 'src/mux_h2.c')(
  'h2.dead.goaway',
  '{0|the connection} has neither a stream nor an orphan left, and its server will take no other (GOAWAY): it is released',
  'conn list',
);

/** What of a context says whether its connection is dead. */
interface Dying extends Pick<MuxContext, 'mux'> {
  readonly treeEmpty: boolean;
  readonly goaway: boolean;
  readonly keepsConnection: boolean;
}

/**
 * h2c_is_dead, src/mux_h2.c, and fcgi_conn_is_dead, src/mux_fcgi.c; semantics 3.19, step 5, releases
 * R10.2.
 *
 * @param dead it is for a reason that the trace tells
 */
export function isDead(
  w: World,
  conn: Connection,
  ctx: Dying,
  dead: boolean | undefined,
  rules: Pick<DetachRules, 'deadError' | 'deadNoOwner' | 'deadClosed'>,
): boolean {
  if (!ctx.treeEmpty) return false;
  const isH2 = ctx.mux.name === 'h2';
  // a0541f5d2: who owns it says nothing about it; 9a046fc3a: any GOAWAY does.
  const looksAtOwner = !isH2 || w.rules.h2DeadWithoutOwner === 'yes';
  const lastReached = isH2 && ctx.goaway && w.rules.h2LastStream === 'any-goaway';
  if (isInError(w, conn)) w.log.decide(rules.deadError, conn);
  else if (looksAtOwner && !conn.owner) w.log.decide(rules.deadNoOwner, conn);
  else if (lastReached) w.log.decide(GOAWAY, conn);
  else if (!ctx.keepsConnection || dead) w.log.decide(rules.deadClosed, conn);
  else return false;
  return true;
}
