import { z } from 'zod';
import { invariantName } from './invariants.ts';

const UINT32_MAX = 0xffffffff;
const INT32_MIN = -0x80000000;
const INT32_MAX = 0x7fffffff;

const id = z.string().min(1);
const idList = z.array(id);
const uint32 = z.int().min(0).max(UINT32_MAX);

/** The `CO_FL_*` flags that decide ownership, without their prefix. */
export const flagName = z.enum(['PRIVATE', 'SESS_IDLE', 'SAFE_LIST', 'IDLE_LIST']);

/** The server list (or removal list) that can hold a connection. */
export const listName = z.enum(['idle', 'safe', 'available', 'toremove']);

/** The multiplexers of a backend connection. */
export const muxName = z.enum(['h1', 'h2', 'fcgi', 'pt']);

/** State of one connection; every key is optional, `null` instead of the object means freed. */
export const connStateSchema = z.strictObject({
  owner: id.nullable().optional().describe('session id, null, or "s1!freed" when it dangles'),
  flags: z.array(flagName).optional().describe('exactly these, in any order'),
  listed_in: id.nullable().optional().describe('session whose server list holds it'),
  list: listName.nullable().optional(),
  mux: muxName.nullable().optional(),
  used_streams: z.int().optional(),
  avail_streams: z.int().optional(),
});

/** State of one session. */
export const sessStateSchema = z.strictObject({
  idle_conns: z.int().min(INT32_MIN).max(INT32_MAX).optional(),
  prefer_last: z.boolean().optional(),
  srv_list: z
    .array(z.tuple([id, idList]))
    .optional()
    .describe('[target, [connection, …]] in list order'),
});

/** State of one server: its lists (all threads one after the other) and its counters. */
export const srvStateSchema = z.strictObject({
  idle: idList.optional(),
  safe: idList.optional(),
  available: idList.optional(),
  curr_idle_conns: uint32.optional(),
  curr_idle_nb: uint32.optional(),
  curr_safe_nb: uint32.optional(),
  curr_used_conns: uint32.optional(),
  max_used_conns: uint32.optional(),
  est_need_conns: uint32.optional(),
});

const common = {
  calls: z.array(z.string()).optional().describe('ownership functions in the order of entry'),
  conn: z.record(id, connStateSchema.nullable()).optional(),
  sess: z.record(id, sessStateSchema.nullable()).optional(),
  srv: z.record(id, srvStateSchema).optional(),
  broken: z
    .array(invariantName)
    .optional()
    .describe('exactly the invariants that this step breaks, in any order; [] for none'),
  crash: z.string().min(1).optional().describe('innermost function that uses invalid memory'),
};

/** What every event may expect. */
export const expectSchema = z.strictObject(common);

/** `connect_server` also expects its return value and whether a connection was reused. */
export const connectExpectSchema = z.strictObject({
  ...common,
  ret: z.enum(['NONE', 'RESOURCE', 'INTERNAL']).optional(),
  reused: z.boolean().optional().describe('an existing connection was attached'),
});

/** `conn_create_mux` also expects its return value. */
export const createMuxExpectSchema = z.strictObject({
  ...common,
  ret: z.union([z.literal(0), z.literal(-1)]).optional(),
});

/** `assign_server` also expects the server that the preference found. */
export const assignExpectSchema = z.strictObject({
  ...common,
  target: id.nullable().optional(),
});

/** Everything that any event may expect: the union of the keys of all variants. */
export type Expect = z.infer<typeof expectSchema> &
  Partial<
    Pick<z.infer<typeof connectExpectSchema>, 'reused'> & {
      ret: 'NONE' | 'RESOURCE' | 'INTERNAL' | 0 | -1;
    } & Pick<z.infer<typeof assignExpectSchema>, 'target'>
  >;
/** State of one connection, as expected or as observed. */
export type ConnState = z.infer<typeof connStateSchema>;
/** State of one session, as expected or as observed. */
export type SessState = z.infer<typeof sessStateSchema>;
/** State of one server, as expected or as observed. */
export type SrvState = z.infer<typeof srvStateSchema>;
/** A flag that decides ownership. */
export type FlagName = z.infer<typeof flagName>;
/** A list that can hold a connection. */
export type ListName = z.infer<typeof listName>;
/** A multiplexer's name. */
export type MuxName = z.infer<typeof muxName>;
