/**
 * What an argument of a call names: an object, `target` a server or a backend; or whether a
 * connection is safe, 0 or 1.
 */
export type CallOperand = 'sess' | 'conn' | 'srv' | 'target' | 'is_safe';

/** How a call of an ownership function is written. */
export interface CallShape {
  /** What is between the parentheses, in HAProxy's order; what a trace leaves out is not there. */
  readonly takes: readonly CallOperand[];
  /** A connection or `NULL`, one of some numbers, or nothing. */
  readonly returns: 'conn' | readonly number[] | null;
}

/** The ownership functions that every trace counts. The mux operations bear one name for all muxes. */
const ALWAYS = {
  conn_new: { takes: [], returns: 'conn' },
  conn_set_private: { takes: ['conn'], returns: null },
  conn_set_owner: { takes: ['conn', 'sess'], returns: null },
  session_add_conn: { takes: ['sess', 'conn'], returns: [0, 1] },
  session_unown_conn: { takes: ['sess', 'conn'], returns: null },
  session_check_idle_conn: { takes: ['sess', 'conn'], returns: [0, -1] },
  srv_add_to_idle_list: { takes: ['srv', 'conn', 'is_safe'], returns: [0, 1] },
  conn_backend_get: { takes: ['srv', 'is_safe'], returns: 'conn' },
  mux_destroy: { takes: ['conn'], returns: null },
  mux_release: { takes: ['conn'], returns: null },
  conn_free: { takes: ['conn'], returns: null },
} as const satisfies Readonly<Record<string, CallShape>>;

/**
 * Functions of later releases, which a trace counts that names them in `calls` of its header:
 * recorders differ in what they hook.
 */
const IF_NAMED = {
  session_get_conn: { takes: ['sess', 'target'], returns: 'conn' },
  srv_release_conn: { takes: ['srv', 'conn'], returns: null },
  session_detach_idle_conn: { takes: ['sess', 'conn'], returns: [0, 1] },
  session_reinsert_idle_conn: { takes: ['sess', 'conn'], returns: [0, 1] },
  srv_add_to_avail_list: { takes: ['srv', 'conn'], returns: null },
  conn_release: { takes: ['conn'], returns: null },
} as const satisfies Readonly<Record<string, CallShape>>;

/** The ownership functions that a trace can count: `calls` of an expectation are made of these. */
export const CALLS = { ...ALWAYS, ...IF_NAMED } as const;

/** The name of an ownership function that a trace can count. */
export type CallName = keyof typeof CALLS;

/** The name of one that a trace counts only if its header names it. */
export type NamedCall = keyof typeof IF_NAMED;

/** Every function that a trace counts only if its header names it. */
export const NAMED_CALLS = Object.keys(IF_NAMED) as NamedCall[];

/** Whether a trace counts a function only if its header names it. */
export function isNamedCall(fn: string): fn is NamedCall {
  return Object.hasOwn(IF_NAMED, fn);
}

/** What HAProxy's sources call the functions that a trace has another name for. */
export const CALL_ALIASES: Readonly<Record<string, CallName>> = {
  'mux->destroy': 'mux_destroy',
  'conn->mux->destroy': 'mux_destroy',
  h1_destroy: 'mux_destroy',
  h2_destroy: 'mux_destroy',
  fcgi_destroy: 'mux_destroy',
  mux_pt_destroy_meth: 'mux_destroy',
  h1_release: 'mux_release',
  h2_release: 'mux_release',
  fcgi_release: 'mux_release',
  mux_pt_destroy: 'mux_release',
};

/** The functions that use memory that is no longer valid, or never end. */
export const CRASH_FUNCTIONS = [
  'session_add_conn',
  'session_unown_conn',
  'session_check_idle_conn',
  'conn_set_private',
  'conn_free',
  'connect_server',
  'si_cs_send',
  'cs_destroy',
  'srv_migrate_conns_to_remove',
  'srv_del_conn_from_list',
  'srv_lookup_conn_next',
  'h2_deferred_shut',
  'fcgi_deferred_shut',
  'srv_lookup_conn_next',
  'fcgi_strm_destroy',
] as const;

/** A function in which the modelled program can crash. */
export type CrashFunction = (typeof CRASH_FUNCTIONS)[number];

/**
 * Functions that end the program by an assertion of its own (`BUG_ON`) about who owns a connection.
 * HAProxy has such assertions in others as well, so a trace may name any; these are known.
 */
export const ABORT_FUNCTIONS = [
  'session_add_conn',
  'session_unown_conn',
  'session_check_idle_conn',
  'session_detach_idle_conn',
  'session_reinsert_idle_conn',
  'conn_free',
  'conn_backend_deinit',
  'connect_server',
  'be_reuse_connection',
  'srv_add_to_avail_list',
  'cli_parse_delete_server',
  'conn_notify_mux',
  'h1_io_cb',
  'h2_io_cb',
  'fcgi_io_cb',
  'spop_io_cb',
  'qcc_io_cb',
  'ssl_sock_io_cb',
] as const;

/** A function whose assertion ends the modelled program. */
export type AbortFunction = (typeof ABORT_FUNCTIONS)[number];

/** How a session that was freed before is written: `s1!freed`. */
export const FREED = '!freed';

/** The id in such a text, `s1` of `s1!freed`; null for any other. */
export function freedIdOf(text: string): string | null {
  return text.endsWith(FREED) ? text.slice(0, -FREED.length) : null;
}

/** How a pointer to nothing is written in a call. */
export const NULL = 'NULL';
