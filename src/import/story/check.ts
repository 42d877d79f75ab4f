import type { Here } from './story.ts';

const CONNECT = /^tcpcheck_eval_connect\(\): (\S+)/;
const SERVER = / SRV=(\S+)/;

/** A record of a health check: whether one connects just now. */
export function takeCheck({ thread, line }: Here, text: string): void {
  const message = CONNECT.exec(text)?.[1];
  if (message === 'entering') thread.check = { server: SERVER.exec(text)?.[1] ?? null, line };
  else if (message === 'leaving') thread.check = null;
}
