import { readFileSync } from 'node:fs';
import type { Header, TraceEvent } from '../../src/format/index.ts';
import { formatTrace } from '../../src/trace/index.ts';
import { CORPUS } from '../engine/traces.ts';
import { read, sharedHeader } from './support.ts';

export const corpus = (name: string): string => readFileSync(new URL(name, CORPUS), 'utf8');
export const begin = (sess: string, fe = 'fe'): TraceEvent => ({ event: 'session_new', sess, fe });
export const connect = (strm: string, sess: string, conn: string, target = 'b/srv'): TraceEvent => {
  return { event: 'connect_server', strm, sess, target, conn };
};
export const detach = (strm: string): TraceEvent => ({ event: 'detach', strm });
export const NTLM = { 'WWW-Authenticate': ['NTLM'] };
export const challenge = (strm: string, headers: Record<string, string[]> = NTLM): TraceEvent => {
  return { event: 'http_wait_for_response', strm, status: 401, headers };
};

/** Two sessions on one connection, which is freed with the one that was challenged. */
export const OWNER_LEAVES: readonly TraceEvent[] = [
  begin('s1'),
  begin('s2'),
  connect('t1', 's1', 'c1'),
  connect('t2', 's2', 'c1'),
  challenge('t2'),
  detach('t2'),
  { event: 'session_free', sess: 's2' },
  detach('t1'),
];

export const traceOf = (events: readonly TraceEvent[], header: Partial<Header> = {}): string =>
  formatTrace(sharedHeader(header), events);

/** The events of a result without what they expect. */
export function inputsOf(text: string): TraceEvent[] {
  return read(text).events.map(({ expect: _, ...event }) => event as TraceEvent);
}
