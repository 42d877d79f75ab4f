import { z } from 'zod';
import { connectError, failName, params, protoStatus } from './events.ts';
import { configSchema, TITLE_MAX } from './header.ts';

/** Format name and version: the value of `world` in every world file. */
export const WORLD_FORMAT = 'haproxy-ownership-world/1';

const count = (max: number) => z.int().min(0).max(max);

/** What can happen in a world besides sessions that start, connect, detach and end. */
export const worldEventsSchema = z.strictObject({
  authentication: z
    .boolean()
    .optional()
    .describe('answers 401 that ask for NTLM, on any stream with a mux'),
  fail: z.array(failName).optional().describe('allocations that may fail'),
  errors: z.array(connectError).optional().describe('steps of connect_server that may fail'),
  failures: count(15)
    .optional()
    .describe('how many allocations and steps may fail in all; 1 if any may, else 0'),
  params: z
    .array(params)
    .optional()
    .describe('what requests may ask of their connection, where releases have keys; [{}]'),
  retries: count(15)
    .optional()
    .describe('how often in all a stream that left its connection may connect again; 0'),
  handshakes: z
    .boolean()
    .optional()
    .describe('answers come over established connections only; else that is not looked at'),
  closes: z
    .boolean()
    .optional()
    .describe('exchanges that end with a close, and servers that close a connection in peace'),
  connection_errors: z
    .boolean()
    .optional()
    .describe('ERROR, SOCK_RD_SH and SOCK_WR_SH on any connection, errors of a mux'),
  goaway: z
    .union([z.boolean(), z.literal('in-use')])
    .optional()
    .describe('h2: the server sends GOAWAY; in-use: while streams are on the connection only'),
  streams_limits: z
    .array(z.int().min(0).max(1000))
    .optional()
    .describe('h2 and fcgi: limits that the server may set later'),
  blocked: z.boolean().optional().describe('h2 and fcgi: streams that leave while blocked'),
  excess_data: z.boolean().optional().describe('h1: bytes that remain unread'),
  proto_status: z
    .array(protoStatus.exclude(['REQUEST_COMPLETE']))
    .optional()
    .describe('fcgi: what the application may answer about its own state'),
  io: z.boolean().optional().describe('I/O on pooled connections, which moves them to the end'),
  purge: z.boolean().optional().describe('the periodic purge, and the removal that follows'),
  maintenance: z.boolean().optional().describe('servers that enter maintenance or change'),
  srv_admin: z
    .boolean()
    .optional()
    .describe('servers that enter maintenance, and leave it where that is known'),
  conn_io: z
    .boolean()
    .optional()
    .describe('I/O on connections that are idle, in the pool or in a session, and what ends them'),
  del_server: z.boolean().optional().describe('servers that are deleted; from 2.4.0 on'),
  used_fds: z.array(z.int().min(0)).optional().describe('file descriptors that may be in use; 0'),
  busy: z
    .boolean()
    .optional()
    .describe('locks of other threads that are held just now; looked at from 2.4.0 on'),
  victims: z
    .boolean()
    .optional()
    .describe('every order of the keys, where that decides who has to go; from 2.4.0 to 2.8.0'),
  check_reuse: z
    .boolean()
    .optional()
    .describe('checks that may take a connection that is there; from 3.2.0 on'),
  checks: z.string().min(1).optional().describe('the frontend whose sessions are health checks'),
});

/** A small world to search: what there is, how much of it, and what can happen. */
export const worldSchema = z.strictObject({
  world: z.literal(WORLD_FORMAT).describe('format and version'),
  title: z.string().max(TITLE_MAX).optional().describe('what the world is for'),
  rules: z.string().optional().describe('rule set; the default one unless stated'),
  config: configSchema.describe('as in the header of a trace'),
  sessions: z.int().min(1).max(6).describe('sessions alive at a time'),
  streams: z.int().min(1).max(12).describe('streams in all, over the life of the world'),
  connections: z.int().min(1).max(12).describe('connections alive at a time'),
  events: worldEventsSchema.optional(),
  sometimes: z
    .array(z.string().min(1))
    .optional()
    .describe('ids of rules that have to decide at least once, so that the world is not empty'),
});

/** A small world to search, as read. */
export type WorldDefinition = z.infer<typeof worldSchema>;
/** What can happen in a world. */
export type WorldEvents = z.infer<typeof worldEventsSchema>;
