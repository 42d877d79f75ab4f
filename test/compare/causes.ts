/**
 * The rows of semantics.md section 5, with the causes that show them. A cause may show more than
 * one row: the same two rules decide about it.
 */
export const ROWS: Readonly<Record<string, readonly string[]>> = {
  'owner of new conn': [
    'connect.new.ownerless | connect.new.owned',
    // The owner that nobody lists dangles once its session has ended (6.6).
    'none | session.free.dangling',
    'session.free.dangling | session.free.dangling',
  ],
  'conn_new failure': [
    'connect.failed | crash in connect_server',
    'crash in conn_set_private | crash in connect_server',
  ],
  'private listed': [
    'connect.install.private-unlisted | connect.install.private-listed',
    'h1.detach.private-adopted | h1.detach.private',
    // It is listed already when its mux lets go of it, or when its session ends.
    'conn.free.used | conn.free.listed',
    'session.free | session.free.listed',
    // Listed earlier, hence in another order.
    'session.free.listed | session.free.listed',
    'connect.session.found | connect.session.found',
    'assign.found | assign.found',
    // The entry of another connection is there already, so that none has to be allocated.
    'session.add.no-memory | session.add.insert',
  ],
  'delayed-mux private conn': [
    'create-mux.private-unlisted | create-mux.private-listed',
    'h2.detach.private-owned | h2.detach.private',
    'fcgi.detach.private-owned | fcgi.detach.private',
  ],
  session_add_conn: [
    'session.add.insert | session.add.already-linked',
    'session.add.no-memory | session.add.already-linked',
    'session.add.insert | session.add.not-owner',
    'session.add.no-memory | session.add.not-owner',
  ],
  session_check_idle_conn: ['session.check-idle.count | session.check-idle.not-owner'],
  'NTLM/Negotiate': [
    'auth.private | auth.private-owned',
    // The owner was overwritten, and is gone when it is needed (6.4).
    'conn.free.used | crash in conn_free',
    'conn.free.used | crash in session_unown_conn',
    'connect.reuse.attached | crash in connect_server',
    'session.unown.unlink | session.unown.unlisted',
    // The empty entry stays with the session that is no longer the owner.
    'session.unown.entry-freed | none',
    'session.unown.entry-freed | crash in session_unown_conn',
  ],
  'H1 idle accounting of a private conn': [
    'h1.detach.private-owned | h1.detach.private',
    // One more is counted as idle, hence there is a mark to drop, or the limit is reached.
    'session.check-idle.count | session.check-idle.limit',
    'connect.reuse.attached | connect.reuse.idle-mark-dropped',
    'none | assign.idle-mark-dropped',
    'none | conn.free.idle-mark',
    // Or the mark was lost to the preference for the last server meanwhile.
    'conn.free.idle-mark | none',
  ],
  'H2/FCGI idle accounting': [
    'h2.detach.private.other-owner | h2.detach.private.idle',
    'fcgi.detach.private.other-owner | fcgi.detach.private.idle',
    'h2.detach.kept | crash in session_check_idle_conn',
  ],
  'owner NULL at private detach': [
    'h2.detach.private-adopted | h2.detach.private',
    'fcgi.detach.private-adopted | fcgi.detach.private',
    'session.check-idle.count | crash in session_check_idle_conn',
    // Adopted and listed before, nobody's after.
    'session.free.listed | session.free',
    'conn.free.listed | conn.free.used',
    'connect.session.found | connect.session.no-entry',
    // There is no memory to list it: destroyed before, kept for NULL to count after.
    'conn.free.used | crash in session_check_idle_conn',
  ],
  'in-use private conn visible to other streams of the session': [
    'connect.session.no-entry | connect.session.found',
    'assign.none | assign.found',
    'assign.none | assign.unusable',
  ],
  'not-reusable H1 at detach, no error/shutdown, first use': [
    'h1.detach.release.no-owner | h1.detach.kept',
  ],
  'pending obuf at H1 detach with SHUTW_NOW': ['h1.detach.release.no-owner | h1.detach.kept'],
  'backend PT detach without shutdown': ['pt.detach.released | pt.detach.kept'],
  'H2/FCGI non-private: "owner NULL" death rule': [
    'h2.detach.dead.no-owner | h2.detach.kept',
    'h2.detach.dead.no-owner | h2.detach.dead.closed',
    'fcgi.detach.dead.no-owner | fcgi.detach.kept',
    'fcgi.detach.dead.no-owner | fcgi.detach.dead.closed',
  ],
  'orphan H2 stream finishing on a non-private conn': [
    'h2.orphan.dead.no-owner | h2.orphan.kept',
    'fcgi.orphan.dead.no-owner | fcgi.orphan.kept',
    'fcgi.orphan.dead.no-owner | fcgi.orphan.dead.closed',
  ],
  'delayed check conn': ['create-mux.private-unlisted | create-mux.private-listed'],
};

/** Rows that the recordings do not contain: neither world ever takes the rules that show them. */
export const NOT_RECORDED: readonly string[] = [
  'session_check_idle_conn',
  'pending obuf at H1 detach with SHUTW_NOW',
  'orphan H2 stream finishing on a non-private conn',
];
