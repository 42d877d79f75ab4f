import type { World } from './world.ts';

/**
 * Where and through what the modelled program crashed in the last step: the function, and in
 * brackets the session that it went through where that tells two crashes of one function apart:
 * `session_check_idle_conn(NULL)`, `session_check_idle_conn(freed)`, `conn_free(freed)`; else the
 * function alone. Says the same of two crashes exactly when they have the same cause here.
 *
 * @param fn the function that the outcome of the step names
 */
export function crashSite(w: World, fn: string): string {
  const call = w.log.calls.at(-1);
  if (call?.fn !== fn || call.conn?.listBusy) return fn;
  const takesSession = fn.startsWith('session_');
  const sess = takesSession ? call.sess : call.conn?.owner;
  if (!takesSession && fn !== 'conn_free') return fn;
  if (sess === null || sess === undefined) return `${fn}(NULL)`;
  return sess.freed ? `${fn}(freed)` : fn;
}
