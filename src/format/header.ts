import { z } from 'zod';
import { NAMED_CALLS } from './calls.ts';

/** Format name and version: the value of `trace` on line 1 of every trace. */
export const TRACE_FORMAT = 'haproxy-ownership/1';

/** Largest `nbthread`: HAProxy of 2020 keeps a bit per thread in one machine word. */
export const MAX_THREADS = 64;

const usesrc = z
  .enum(['clientip', 'hdr_ip', 'client', 'address'])
  .describe('source address: a transparent one of the client, or a fixed address of its own');

const frontend = z
  .strictObject({
    'max-session-srv-conns': z
      .int()
      .min(0)
      .optional()
      .describe('idle private connections that one session may keep; 5 unless stated'),
  })
  .describe('a frontend, or the pseudo frontend of the health checks');

const backend = z
  .strictObject({
    mode: z.enum(['http', 'tcp']).optional().describe('http unless stated'),
    'http-reuse': z
      .enum(['never', 'safe', 'aggressive', 'always'])
      .optional()
      .describe('safe unless stated; a tcp backend with servers is always never'),
    'option prefer-last-server': z.boolean().optional().describe('false unless stated'),
    usesrc: usesrc.nullable().optional(),
    'retry-on': z
      .array(z.string().min(1))
      .optional()
      .describe('events after which a request is sent again; nothing unless stated'),
  })
  .describe('a backend');

const server = z
  .strictObject({
    proto: z
      .enum(['h1', 'h2', 'fcgi'])
      .nullable()
      .optional()
      .describe('the forced mux, installed with the connection'),
    alpn: z
      .string()
      .min(1)
      .nullable()
      .optional()
      .describe('protocols offered; the mux waits for the handshake unless proto is set'),
    'send-proxy': z.boolean().optional().describe('a PROXY header is sent'),
    ssl: z
      .boolean()
      .optional()
      .describe('TLS is used; from 2.3.0 on the mux waits only then, whatever alpn says'),
    sni: z
      .union([z.literal(true), z.literal(false), z.literal('constant')])
      .optional()
      .describe('an sni expression is set; constant: it gives the same for every request'),
    transparent: z
      .boolean()
      .optional()
      .describe('the destination depends on the request: no address, or ports mapped'),
    usesrc: usesrc.nullable().optional(),
    'pool-max-conn': z.int().min(-1).optional().describe('-1: no limit; 0: no idle pool'),
    'pool-low-conn': z.int().min(0).optional(),
    'pool-purge-delay': z.int().min(0).optional().describe('milliseconds; 0: no idle pool'),
    'max-reuse': z.int().min(-1).optional().describe('h2 and fcgi; -1: no limit'),
    'streams-limit': z
      .int()
      .min(0)
      .optional()
      .describe('streams at once on a new connection; h2 100, fcgi 1 unless stated'),
    'keep-conn': z.boolean().optional().describe('fcgi: the application keeps connections'),
  })
  .describe('a server, keyed backend/name');

/** The `config` of a header: what `haproxy.cfg` says about everything that the events name. */
export const configSchema = z.strictObject({
  nbthread: z.int().min(1).max(MAX_THREADS).optional().describe('number of threads; 1'),
  'tune.idle-pool.shared': z
    .boolean()
    .optional()
    .describe('may a thread take idle connections of another; true'),
  'pool-low-count': z.int().min(0).optional().describe('file descriptors; no limit'),
  'pool-high-count': z.int().min(0).optional().describe('file descriptors; no limit'),
  frontends: z.record(z.string().min(1), frontend).optional(),
  backends: z.record(z.string().min(1), backend).optional(),
  servers: z.record(z.string().min(1), server).optional(),
});

/** Most UTF-16 code units of a title: it is one of many lines in a report. */
export const TITLE_MAX = 2000;

/** As much of a text as a title may have. */
export function fittingTitle(text: string): string {
  return text.length <= TITLE_MAX ? text : `${text.slice(0, TITLE_MAX - 1)}…`;
}

/** Line 1 of a trace. `source` is carried through and never interpreted. */
export const headerSchema = z.strictObject({
  trace: z.literal(TRACE_FORMAT).describe('format and version'),
  title: z.string().max(TITLE_MAX).optional().describe('what the trace shows'),
  rules: z.string().optional().describe('rule set that the expectations were written for'),
  calls: z
    .array(z.enum(NAMED_CALLS))
    .optional()
    .describe('functions that count in "calls" of expectations besides those that always do'),
  config: configSchema.optional(),
  source: z.record(z.string(), z.unknown()).optional().describe('where the trace comes from'),
});

/** Line 1 of a trace, as read. */
export type Header = z.infer<typeof headerSchema>;
/** What `haproxy.cfg` says. */
export type Config = z.infer<typeof configSchema>;
/** Keys of one frontend, spelt as in `haproxy.cfg`. */
export type FrontendConfig = z.infer<typeof frontend>;
/** Keys of one backend, spelt as in `haproxy.cfg`. */
export type BackendConfig = z.infer<typeof backend>;
/** Keys of one server, spelt as in `haproxy.cfg`. */
export type ServerConfig = z.infer<typeof server>;
