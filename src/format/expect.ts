import { z } from 'zod';
import { IO_FLAGS, OWNERSHIP_FLAGS } from '../state/co-fl.ts';
import { CONNECTION } from '../state/connection.ts';
import type { Fields, ToldOf } from '../state/field.ts';
import { SERVER } from '../state/server.ts';
import { SESSION } from '../state/session.ts';
import { LIST_NAMES, MUX_NAMES, type ToldAs } from '../state/told.ts';
import { invariantName } from './invariants.ts';

const UINT32_MAX = 0xffffffff;
const INT32_MIN = -0x80000000;
const INT32_MAX = 0x7fffffff;

const id = z.string().min(1);
const idList = z.array(id);

function keysOf<Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(table) as Name[];
}

/** The `CO_FL_*` flags that decide ownership, without their prefix. */
export const flagName = z.enum(keysOf(OWNERSHIP_FLAGS));

/** Connection flags that the outside world sets and clears. */
export const updateFlagName = z.enum(keysOf(IO_FLAGS));

/** The multiplexers of a backend connection. */
export const muxName = z.enum(MUX_NAMES);

/** What a trace writes for each kind of value of a field. */
const VALUES = {
  uint32: z.int().min(0).max(UINT32_MAX),
  int32: z.int().min(INT32_MIN).max(INT32_MAX),
  boolean: z.boolean(),
  time: z.union([z.number().min(0), z.literal(true)]).nullable(),
  id: id.nullable(),
  target: id,
  lister: id.nullable(),
  list: z.enum(LIST_NAMES).nullable(),
  removal: z.boolean(),
  ids: idList,
  entries: z.array(z.tuple([id, idList])),
  mux: muxName.nullable(),
  used: z.int(),
  free: z.int(),
  attached: idList,
  orphans: idList,
  ownership: z.array(flagName),
  io: z.array(updateFlagName),
} as const satisfies Readonly<Record<ToldAs, z.ZodType>>;

/** The keys of what a trace can state of an object. */
type StateShape<F extends Fields> = {
  [T in ToldOf<F> as T['name']]: z.ZodOptional<(typeof VALUES)[T['as']]>;
};

/** What a trace can state of an object: every key is optional, a missing one is not checked. */
function stateSchema<F extends Fields>(fields: F): z.ZodObject<StateShape<F>, z.core.$strict> {
  const told = Object.values(fields).flatMap((field) => field.told);
  const entries = told.map(({ name, as, says }) => {
    const value = VALUES[as].optional();
    return [name, says === undefined ? value : value.describe(says)];
  });
  return z.strictObject(Object.fromEntries(entries)) as z.ZodObject<StateShape<F>, z.core.$strict>;
}

/** State of one connection; `null` instead of the object means freed. */
export const connStateSchema = stateSchema(CONNECTION);

/** State of one session. */
export const sessStateSchema = stateSchema(SESSION);

/** State of one server: its lists (all threads one after the other) and its counters. */
export const srvStateSchema = stateSchema(SERVER);

const common = {
  calls: z.array(z.string()).optional().describe('ownership functions in the order of entry'),
  conn: z.record(id, connStateSchema.nullable()).optional(),
  sess: z.record(id, sessStateSchema.nullable()).optional(),
  srv: z.record(id, srvStateSchema.nullable()).optional().describe('null: the server is deleted'),
  broken: z
    .array(invariantName)
    .optional()
    .describe('exactly the invariants that this step breaks, in any order; [] for none'),
  crash: z.string().min(1).optional().describe('innermost function that uses invalid memory'),
  abort: z.string().min(1).optional().describe('function whose own assertion ends the program'),
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

/** `del_server` also expects whether the server was deleted. */
export const delServerExpectSchema = z.strictObject({
  ...common,
  ret: z
    .union([z.literal(0), z.literal(1)])
    .optional()
    .describe('1: the server was deleted'),
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
      ret: 'NONE' | 'RESOURCE' | 'INTERNAL' | 0 | 1 | -1;
    } & Pick<z.infer<typeof assignExpectSchema>, 'target'>
  >;
/** State of one connection, as expected or as observed. */
export type ConnState = z.infer<typeof connStateSchema>;
/** State of one session, as expected or as observed. */
export type SessState = z.infer<typeof sessStateSchema>;
/** State of one server, as expected or as observed. */
export type SrvState = z.infer<typeof srvStateSchema>;
export type { FlagName, UpdateFlagName } from '../state/co-fl.ts';
export type { ListName, MuxName } from '../state/told.ts';
