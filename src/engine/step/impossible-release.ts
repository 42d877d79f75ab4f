import type { EventOf } from '../../format/index.ts';
import type { Server } from '../objects/server-t.ts';
import type { Session } from '../objects/session-t.ts';
import type { World } from '../objects/world.ts';
import { after } from './impossible-input.ts';

/* What cannot be of events that only releases have; see impossible-input.ts. */

const BY_AGE = 'who of {0} has to go is known here, by age: "victims" says nothing; leave it out';
const OWN_LOCK =
  'a thread that runs an event for {0} does not find its own lock held; leave it out of "busy"';
const MAINTAINED = '{0} is in maintenance already; leave the event out';
const NOT_MAINTAINED = '{0} is not in maintenance, which it could leave; leave the event out';
const NOT_DELETABLE = after(
  '{0} is not in maintenance, and cannot be deleted: say "error":true, or let it enter maintenance',
  '{"event":"srv_admin","srv":"{0}","maint":true}',
);

/** Whether a rule set knows which servers are in maintenance. */
function knowsMaintenance({ rules }: World): boolean {
  return rules.idleIo.looksAtLists;
}

/** An event that may say who has to go. */
export function checkVictims(w: World, srv: Server, victims: readonly string[] | undefined): void {
  if (victims !== undefined && w.rules.keeps.has('age')) w.log.oddity(srv, BY_AGE);
}

/** connect_server, whose locks may be held. */
export function checkBusy(w: World, sess: Session, { busy }: EventOf<'connect_server'>): void {
  if (busy?.includes(w.thread)) w.log.oddity(sess, OWN_LOCK);
}

/** srv_admin */
export function checkAdmin(w: World, srv: Server, { maint }: EventOf<'srv_admin'>): void {
  if (!knowsMaintenance(w) || srv.maint !== maint) return;
  w.log.oddity(srv, maint ? MAINTAINED : NOT_MAINTAINED);
}

/** del_server */
export function checkDelete(w: World, srv: Server, { error }: EventOf<'del_server'>): void {
  if (knowsMaintenance(w) && !srv.maint && !error) w.log.oddity(srv, NOT_DELETABLE);
}
