/** What an argument of a call names: an object, or whether a connection is safe, 0 or 1. */
export type CallOperand = 'sess' | 'conn' | 'srv' | 'is_safe';

/** How a call of an ownership function is written. */
export interface CallShape {
  /** What is between the parentheses, in HAProxy's order; what a trace leaves out is not there. */
  readonly takes: readonly CallOperand[];
  /** A connection or `NULL`, one of some numbers, or nothing. */
  readonly returns: 'conn' | readonly number[] | null;
}

/**
 * The ownership functions that a trace counts: `calls` of an expectation are made of these. The
 * mux operations bear one name for all muxes.
 */
export const CALLS = {
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

/** The name of an ownership function that a trace counts. */
export type CallName = keyof typeof CALLS;

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
  'fcgi_strm_destroy',
] as const;

/** A function in which the modelled program can crash. */
export type CrashFunction = (typeof CRASH_FUNCTIONS)[number];

/** How a session that was freed before is written: `s1!freed`. */
export const FREED = '!freed';

/** The id in such a text, `s1` of `s1!freed`; null for any other. */
export function freedIdOf(text: string): string | null {
  return text.endsWith(FREED) ? text.slice(0, -FREED.length) : null;
}

/** How a pointer to nothing is written in a call. */
export const NULL = 'NULL';
