import type { RuleSet, Switch } from './rule-set.ts';

/** One position of a switch. */
export interface Position {
  /** What the modelled function does, in one sentence. */
  readonly says: string;
  /** Ids of the rules that can decide in this position only. */
  readonly rules: readonly string[];
}

/** What a switch is about, and what both of its positions mean. */
export interface Difference {
  /** HAProxy's function, e.g. `connect_server`; two where two multiplexers share the place. */
  readonly fn: string;
  /** HAProxy's file or files. */
  readonly file: string;
  readonly on: Position;
  readonly off: Position;
}

/** Every switch in words, in the order in which a connection meets them. */
export const DIFFERENCES: Readonly<Record<Switch, Difference>> = {
  ownerFromCreation: {
    fn: 'connect_server',
    file: 'src/backend.c',
    on: {
      says: 'a new connection belongs to the session that asks for it',
      rules: ['connect.new.owned'],
    },
    off: {
      says: 'a new connection belongs to nobody',
      rules: ['connect.new.ownerless'],
    },
  },
  ownerWhileMuxWaits: {
    fn: 'connect_server',
    file: 'src/backend.c',
    on: {
      says: 'a new connection that has to wait for its mux gets the session as owner',
      rules: ['connect.new.owned-without-mux'],
    },
    off: {
      says: 'whether a new connection has to wait for its mux does not change its owner',
      rules: [],
    },
  },
  listAtMuxInstall: {
    fn: 'connect_server',
    file: 'src/backend.c',
    on: {
      says: 'a private connection joins the list of its session as soon as its mux is installed',
      rules: ['connect.install.private-listed'],
    },
    off: {
      says: 'a private connection with its mux stays out of any list until a stream leaves it',
      rules: ['connect.install.private-unlisted'],
    },
  },
  listAtMuxCreation: {
    fn: 'conn_create_mux',
    file: 'src/connection.c',
    on: {
      says: 'a private connection that waited for its mux joins the list of its session with it',
      rules: ['create-mux.private-listed'],
    },
    off: {
      says: 'a private connection that waited for its mux is never listed',
      rules: ['create-mux.private-unlisted'],
    },
  },
  authenticationTakesOwnership: {
    fn: 'http_wait_for_response',
    file: 'src/http_ana.c',
    on: {
      says: 'NTLM or Negotiate makes a connection private, owned by the session, and listed there',
      rules: ['auth.private-owned'],
    },
    off: {
      says: 'NTLM or Negotiate makes a connection private, and leaves its owner and list alone',
      rules: ['auth.private'],
    },
  },
  addChecksOwner: {
    fn: 'session_add_conn',
    file: 'include/haproxy/session.h',
    on: {
      says: 'adding a connection that is listed, or that another session owns, succeeds and does nothing',
      rules: ['session.add.already-linked', 'session.add.not-owner'],
    },
    off: {
      says: 'a connection is added to the list without a look at where it is and whose',
      rules: [],
    },
  },
  idleCheckSkipsForeignOwner: {
    fn: 'session_check_idle_conn',
    file: 'include/haproxy/session.h',
    on: {
      says: 'a connection of another owner is kept, and counted nowhere',
      rules: ['session.check-idle.not-owner'],
    },
    off: {
      says: 'any private connection is counted or destroyed, and any shareable one destroyed',
      rules: [],
    },
  },
  h1DetachAlwaysLists: {
    fn: 'h1_detach',
    file: 'src/mux_h1.c',
    on: {
      says: 'a private connection that gets idle is added to the session and counted, every time',
      rules: ['h1.detach.private'],
    },
    off: {
      says: 'a private connection that gets idle is adopted, added and counted if nobody owns it',
      rules: ['h1.detach.private-adopted', 'h1.detach.private-owned'],
    },
  },
  muxDetachAlwaysLists: {
    fn: 'h2_detach, fcgi_detach',
    file: 'src/mux_h2.c, src/mux_fcgi.c',
    on: {
      says: 'a private connection is added to the session of each stream that leaves it',
      rules: ['h2.detach.private', 'fcgi.detach.private'],
    },
    off: {
      says: 'a private connection that a stream leaves is adopted and added if nobody owns it',
      rules: [
        'h2.detach.private-adopted',
        'h2.detach.private-owned',
        'fcgi.detach.private-adopted',
        'fcgi.detach.private-owned',
      ],
    },
  },
  muxDetachChecksOwner: {
    fn: 'h2_detach, fcgi_detach',
    file: 'src/mux_h2.c, src/mux_fcgi.c',
    on: {
      says: 'the owner of a private connection counts it as idle, whoever leaves it last',
      rules: ['session.check-idle.no-session'],
    },
    off: {
      says: 'a private connection is counted as idle only if its owner is the one who leaves last',
      rules: ['h2.detach.private.other-owner', 'fcgi.detach.private.other-owner'],
    },
  },
};

/** The switches that two rule sets set differently, in the order of the table. */
export function switchesBetween(one: RuleSet, other: RuleSet): Switch[] {
  const names = Object.keys(DIFFERENCES) as Switch[];
  return names.filter((name) => one[name] !== other[name]);
}

/** What a rule set makes of a switch. */
export function positionOf(set: RuleSet, name: Switch): Position {
  return set[name] ? DIFFERENCES[name].on : DIFFERENCES[name].off;
}

/** The position of a switch that a rule needs. Every other rule is there under every rule set. */
const NEEDED: ReadonlyMap<string, { readonly name: Switch; readonly on: boolean }> = new Map(
  (Object.keys(DIFFERENCES) as Switch[]).flatMap((name) =>
    [true, false].flatMap((on) => {
      const { rules } = on ? DIFFERENCES[name].on : DIFFERENCES[name].off;
      return rules.map((id) => [id, { name, on }] as const);
    }),
  ),
);

/** Whether a rule, named by its id, can decide anything under a rule set. */
export function hasRule(set: RuleSet, rule: string): boolean {
  const needed = NEEDED.get(rule);
  return needed === undefined || set[needed.name] === needed.on;
}
