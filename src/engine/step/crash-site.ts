import type { Session } from '../objects/session-t.ts';
import type { World } from '../objects/world.ts';
import type { End } from './step.ts';

/**
 * Where the modelled program ended in the last step: of a crash `crashSite`, of an assertion its
 * function and, in brackets, what was the case.
 */
export function endSite(w: World, end: End): string {
  return end.kind === 'crash' ? crashSite(w, end.fn) : `${end.fn}(${end.condition})`;
}

/**
 * Where and through what the modelled program crashed in the last step: the function, and in
 * brackets the session that it went through where that tells two crashes of one function apart:
 * `session_check_idle_conn(NULL)`, `session_check_idle_conn(freed)`, `conn_free(freed)`; else the
 * function alone. A detach that gives a connection up itself is named, since the end of the
 * connection has other reasons to: `session_unown_conn(freed) in h2_detach`. Says the same of two
 * crashes exactly when they have the same cause here.
 *
 * @param fn the function that the outcome of the step names
 */
function crashSite(w: World, fn: string): string {
  const through = throughWhich(w, fn);
  if (through === undefined) return fn;
  if (through === null) return `${fn}(NULL)${insideOf(w)}`;
  return through.freed ? `${fn}(freed)${insideOf(w)}` : fn;
}

/** ` in h2_detach`, if the last call was decided there; for all other functions nothing. */
function insideOf(w: World): string {
  const call = w.log.calls.at(-1);
  if (call?.fn !== 'session_unown_conn') return '';
  const caller = w.log.decision(call.decisionsBefore - 1)?.rule.fn ?? '';
  return caller.endsWith('_detach') ? ` in ${caller}` : '';
}

/** The session that the function went through: the one that it got, or the connection's owner. */
function throughWhich(w: World, fn: string): Session | null | undefined {
  const call = w.log.calls.at(-1);
  if (call?.fn === fn) {
    if (fn.startsWith('session_')) return call.sess;
    // An endless loop, whoever the owner is.
    return fn === 'conn_free' && !call.conn?.listBusy ? call.conn?.owner : undefined;
  }
  const last = w.log.decision(w.log.decisionCount - 1);
  const isUnmarking = last?.rule.id === 'connect.reuse.idle-mark-dropped';
  const subject = isUnmarking ? last.subject : null;
  return typeof subject === 'object' && subject?.kind === 'conn' ? subject.owner : undefined;
}
