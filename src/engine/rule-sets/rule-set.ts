/**
 * What differs between rule sets, one switch per place in HAProxy's code. A switch that a rule
 * set does not name is off, so a later set adds its own without touching those before it. Each
 * switch is read at one place of the engine.
 */
export interface Switches {
  /** connect_server, step 8: a new connection gets the session that asks for it as owner. */
  readonly ownerFromCreation: boolean;
  /** connect_server, step 13: only a connection that waits for its mux gets an owner. */
  readonly ownerWhileMuxWaits: boolean;
  /** connect_server, step 16: a private connection is listed as soon as its mux is installed. */
  readonly listAtMuxInstall: boolean;
  /** conn_create_mux: the same when the mux had to wait for the handshake. */
  readonly listAtMuxCreation: boolean;
  /** http_wait_for_response: a connection-bound authentication gives an owner and lists. */
  readonly authenticationTakesOwnership: boolean;
  /** session_add_conn: a linked connection or a foreign owner is a success without insertion. */
  readonly addChecksOwner: boolean;
  /** session_check_idle_conn: a foreign owner is a success without counting. */
  readonly idleCheckSkipsForeignOwner: boolean;
  /** h1_detach: every idle private connection is added and checked, not only an ownerless one. */
  readonly h1DetachAlwaysLists: boolean;
  /** h2_detach and fcgi_detach: a private connection is added at each detach. */
  readonly muxDetachAlwaysLists: boolean;
  /** h2_detach and fcgi_detach: the idle check is made for the owner, whoever that is. */
  readonly muxDetachChecksOwner: boolean;
}

/** Name of a switch. */
export type Switch = keyof Switches;

/** The rules of HAProxy at one commit. */
export interface RuleSet extends Switches {
  /** Abbreviated commit, the name of the rule set in traces and on the command line. */
  readonly id: string;
  /** Commit date, `YYYY-MM-DD`. */
  readonly date: string;
  /** Release that the commit leads to. */
  readonly release: string;
  /** What the rule set is known for, in our words. */
  readonly title: string;
}

const ALL_OFF: Switches = {
  ownerFromCreation: false,
  ownerWhileMuxWaits: false,
  listAtMuxInstall: false,
  listAtMuxCreation: false,
  authenticationTakesOwnership: false,
  addChecksOwner: false,
  idleCheckSkipsForeignOwner: false,
  h1DetachAlwaysLists: false,
  muxDetachAlwaysLists: false,
  muxDetachChecksOwner: false,
};

/** Names a rule set and the switches that are on in it. */
export function defineRuleSet(
  about: Pick<RuleSet, 'id' | 'date' | 'release' | 'title'>,
  on: Partial<Switches>,
): RuleSet {
  return { ...about, ...ALL_OFF, ...on };
}
