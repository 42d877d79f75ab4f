/** A command of one HAProxy, and what it answers. */
function command(name: string, send: string, expect: string): string[] {
  return [`haproxy ${name} -cli {`, `  send "${send}"`, `  expect ~ ${expect}`, '}'];
}

/**
 * Waits until HAProxy has seen that peers are gone. It has one thread, which reads what came first
 * before what comes later: when it answers a command, it has seen the end of a connection that was
 * closed before. No time has to pass for that, however busy the machine is.
 *
 * @param clients how many are connected
 * @param hasRelay the end of a server comes by another process, which has to see it first
 */
export function settleLines(clients: number, hasRelay: boolean): string[] {
  return [
    '# HAProxy has seen whatever came before when it answers this.',
    ...(hasRelay ? command('h2', 'show info', '.*') : []),
    ...command('h1', 'show info', `"CurrConns: ${clients}[^0-9]"`),
  ];
}

/**
 * The same where HAProxy may be dead. The test program holds its sockets open as well, so a command
 * would be answered by nobody, and never end.
 */
export const NOTICE_LINES = ['# HAProxy may be dead, and has to have the time for it.', 'delay .1'];

/** Where nothing tells that HAProxy has read what comes through another process. */
export const READING_LINES = ['# HAProxy has to read it before anything else happens.', 'delay .1'];

/** What a server of HAProxy goes through: it enters maintenance, leaves it, or is deleted. */
export type Administered = 'maint' | 'ready' | 'del';

/** Commands for a server of HAProxy, by its name. */
export function serverLines(server: string, does: readonly Administered[]): string[] {
  const lines = does.flatMap((what) =>
    what === 'del'
      ? [`  send "del server ${server}"`, '  expect ~ "Server deleted."']
      : [`  send "set server ${server} state ${what}"`, '  expect ~ .*'],
  );
  return ['haproxy h1 -cli {', ...lines, '}'];
}
