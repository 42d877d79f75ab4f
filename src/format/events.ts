import { z } from 'zod';
import {
  assignExpectSchema,
  connectExpectSchema,
  createMuxExpectSchema,
  delServerExpectSchema,
  expectSchema,
  muxName,
  updateFlagName,
} from './expect.ts';
import { MAX_THREADS } from './header.ts';

const id = z.string().min(1);
const fds = z.int().min(0).describe('file descriptors in use');

/** What can fail to be allocated during an event. */
export const failName = z.enum([
  'connection',
  'sess_srv_list',
  'sockaddr',
  'conn_stream',
  'mux',
  'takeover',
  'hash_node',
]);

/** Steps of `connect_server` that can fail by something else than memory. */
export const connectError = z.enum([
  'address',
  'connect',
  'mux',
  'handshake',
  'source',
  'xprt',
  'endpoint',
]);

/** What a FastCGI application says about its own state at the end of a request. */
export const protoStatus = z.enum([
  'REQUEST_COMPLETE',
  'CANT_MPX_CONN',
  'OVERLOADED',
  'UNKNOWN_ROLE',
]);

const part = id.optional();

/** What of a request tells apart connections to one target, from 2.4.0 on. */
export const params = z
  .union([
    z.strictObject({
      sni: part.describe('the server name that is sent; until 2.8.0'),
      name: part.describe('pool-conn-name, or the server name; from 3.0.0 on'),
      dst: part.describe('the destination; with transparent, and always from 3.2.0 on'),
      src: part.describe('the source address'),
      proxy: part.describe('the PROXY header'),
      mark: part.describe('from 3.0.0 on'),
      tos: part.describe('from 3.0.0 on'),
    }),
    id,
  ])
  .describe('the parts of the connection key that the request has, or one text for them all');

/** Which connections had to go where that goes by the order of keys. */
const victims = z
  .array(id)
  .describe('the connections that had to go, in order; from 2.4.0 to 2.8.0');

function event<Name extends string, Shape extends z.ZodRawShape, Expect extends z.ZodType>(
  name: Name,
  shape: Shape,
  expect: Expect,
) {
  return z.strictObject({
    event: z.literal(name),
    at: z.number().min(0).optional().describe('milliseconds since the trace began'),
    thread: z
      .int()
      .min(0)
      .max(MAX_THREADS - 1)
      .optional()
      .describe('thread that runs the event; 0'),
    note: z.string().optional(),
    source: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('where the event comes from: lines of a capture, and how sure it is; free'),
    fail: z.array(failName).optional().describe('allocations that fail, a multiset'),
    ...shape,
    expect: expect.optional(),
  });
}

/** One schema per event, by the event's name. */
export const eventSchemas = {
  session_new: event('session_new', { sess: id, fe: id }, expectSchema),
  assign_server: event(
    'assign_server',
    { strm: id, sess: id, be: id, unusable: z.array(id).optional() },
    assignExpectSchema,
  ),
  connect_server: event(
    'connect_server',
    {
      strm: id,
      sess: id,
      target: id,
      conn: id.optional(),
      not_first: z.boolean().optional(),
      sni: z.boolean().optional(),
      src: z.boolean().optional(),
      used_fds: fds.optional(),
      params: params.optional(),
      htx: z.boolean().optional().describe('the stream speaks HTTP; as its backend unless stated'),
      websocket: z.boolean().optional().describe('a WebSocket stream, which joins no other'),
      init_xprt: z
        .boolean()
        .optional()
        .describe('the mux waits for another layer than alpn; from 3.4.0 on'),
      busy: z
        .array(
          z
            .int()
            .min(0)
            .max(MAX_THREADS - 1),
        )
        .optional()
        .describe('threads whose idle connections are locked just now; from 2.4.0 on'),
      victims: victims.optional(),
      error: connectError.optional(),
    },
    connectExpectSchema,
  ),
  conn_create_mux: event(
    'conn_create_mux',
    { conn: id, mux: muxName.optional(), error: z.boolean().optional() },
    createMuxExpectSchema,
  ),
  tcpcheck_eval_connect: event(
    'tcpcheck_eval_connect',
    { strm: id, sess: id, target: id, conn: id.optional(), mux: muxName.optional() },
    expectSchema,
  ),
  check_connect: event(
    'check_connect',
    {
      strm: id,
      sess: id,
      target: id,
      conn: id.optional(),
      mux: muxName.optional(),
      params: params.optional(),
      reuse_pool: z
        .boolean()
        .optional()
        .describe('check-reuse-pool: a connection that is there may serve; from 3.2.0 on'),
    },
    expectSchema,
  ),
  http_wait_for_response: event(
    'http_wait_for_response',
    {
      strm: id,
      status: z.int().min(100).max(999),
      headers: z.record(z.string().min(1), z.array(z.string())).optional(),
    },
    expectSchema,
  ),
  detach: event(
    'detach',
    {
      strm: id,
      idle: z.boolean().optional(),
      excess_data: z.boolean().optional(),
      shutw_now: z.boolean().optional(),
      obuf_data: z.boolean().optional(),
      mux_error: z.boolean().optional(),
      shutdown: z.boolean().optional(),
      blocked: z.boolean().optional(),
      ended: z.boolean().optional(),
      used_fds: fds.optional(),
      proto_status: protoStatus.optional(),
      dead: z.boolean().optional(),
    },
    expectSchema,
  ),
  stream_destroy: event(
    'stream_destroy',
    {
      strm: id,
      ended: z.boolean().optional(),
      dead: z.boolean().optional(),
      woken: z.boolean().optional(),
    },
    expectSchema,
  ),
  mux_release: event('mux_release', { conn: id, reason: z.string().optional() }, expectSchema),
  conn_update: event(
    'conn_update',
    {
      conn: id,
      set: z.array(updateFlagName).optional(),
      clear: z.array(updateFlagName).optional(),
      nb_streams: z.int().min(0).optional(),
      streams_limit: z.int().min(0).optional(),
      goaway: z.boolean().optional(),
      mux_error: z.boolean().optional(),
      unlink: z.boolean().optional(),
      requeue: z.boolean().optional(),
    },
    expectSchema,
  ),
  srv_cleanup_idle_connections: event(
    'srv_cleanup_idle_connections',
    { srv: id, victims: victims.optional() },
    expectSchema,
  ),
  srv_cleanup_connections: event(
    'srv_cleanup_connections',
    { srv: id, victims: victims.optional() },
    expectSchema,
  ),
  srv_cleanup_toremove_connections: event('srv_cleanup_toremove_connections', {}, expectSchema),
  conn_io: event(
    'conn_io',
    {
      conn: id,
      via: z.enum(['io', 'wake']).optional().describe('a callback of the mux, or a wake-up; io'),
      released: z.boolean().optional().describe('the mux wants no more of it'),
    },
    expectSchema,
  ),
  srv_admin: event('srv_admin', { srv: id, maint: z.boolean() }, expectSchema),
  del_server: event(
    'del_server',
    {
      srv: id,
      error: z
        .boolean()
        .optional()
        .describe('refused: it has streams or a queue, or is not in maintenance'),
    },
    delServerExpectSchema,
  ),
  session_free: event('session_free', { sess: id }, expectSchema),
} as const;

/** Any event of a trace. */
export const eventSchema = z.discriminatedUnion('event', [
  eventSchemas.session_new,
  eventSchemas.assign_server,
  eventSchemas.connect_server,
  eventSchemas.conn_create_mux,
  eventSchemas.tcpcheck_eval_connect,
  eventSchemas.check_connect,
  eventSchemas.http_wait_for_response,
  eventSchemas.detach,
  eventSchemas.stream_destroy,
  eventSchemas.mux_release,
  eventSchemas.conn_update,
  eventSchemas.srv_cleanup_idle_connections,
  eventSchemas.srv_cleanup_connections,
  eventSchemas.srv_cleanup_toremove_connections,
  eventSchemas.conn_io,
  eventSchemas.srv_admin,
  eventSchemas.del_server,
  eventSchemas.session_free,
]);

/** The name of an event. */
export type EventName = keyof typeof eventSchemas;
/** The event of a given name. */
export type EventOf<Name extends EventName> = z.infer<(typeof eventSchemas)[Name]>;
/** Any event of a trace. */
export type TraceEvent = z.infer<typeof eventSchema>;
/** What can fail to be allocated. */
export type FailName = z.infer<typeof failName>;

/** An event by which a stream, or a check, gets a connection. */
export type ConnectEvent = EventOf<'connect_server' | 'tcpcheck_eval_connect' | 'check_connect'>;

/** Whether a stream, or a check, gets a connection: its `conn` is what that is called. */
export function isConnect(event: TraceEvent): event is ConnectEvent {
  const { event: name } = event;
  return name === 'connect_server' || name === 'tcpcheck_eval_connect' || name === 'check_connect';
}
