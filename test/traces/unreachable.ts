import { descendsFrom, findRuleSet, type RuleSet } from '../../src/engine/rule-sets/index.ts';

/** Why no trace reaches a rule, and from which release on. */
interface Unreachable {
  readonly since: string;
  readonly why: string;
}

/**
 * Rules that no trace can reach, as something else has seen to it before: what a state that was taken
 * over can lead to, and HAProxy looks at all the same. Unit tests show what they decide.
 */
const UNREACHABLE: Readonly<Record<string, Unreachable>> = {
  'conn.free.in-tree': {
    since: '2.8.0',
    why: 'srv_release_conn takes what can be shared out of its tree, and conn_set_private what is private',
  },
  'conn.set-private.unlinked': {
    since: '3.0.0',
    why: 'a challenge is seen over H1, and over what a session lists: neither is available to others',
  },
  'session.add.adopted': {
    since: '3.0.0',
    why: 'a private connection has one stream until it is listed, and is destroyed when it leaves unlisted',
  },
  'session.add.not-owner': {
    since: '3.0.0',
    why: 'a private connection is used by one session only, which is its owner',
  },
  'session.check-idle.no-session': {
    since: '3.0.0',
    why: 'a private connection that loses its owner is destroyed at once',
  },
};

const DESTROYED_AT_ONCE = {
  since: '3.3.0',
  why: 'a private connection with streams left is listed already: who cannot be listed has none, and is destroyed as unlisted',
} as const;

/** Rules that traces reach, and after which another rule always decides the same things. */
const OVERTAKEN: Readonly<Record<string, Unreachable>> = {
  'h2.detach.add-failed': DESTROYED_AT_ONCE,
  'h2.detach.add-failed.owned': DESTROYED_AT_ONCE,
  'fcgi.detach.add-failed': DESTROYED_AT_ONCE,
  'fcgi.detach.add-failed.owned': DESTROYED_AT_ONCE,
};

function isSince(entry: Unreachable | undefined, set: RuleSet): boolean {
  const since = findRuleSet(entry?.since ?? '');
  return since !== undefined && descendsFrom(set, since);
}

/** Whether no trace can reach a rule under a rule set. */
export function isUnreachable(rule: string, set: RuleSet): boolean {
  return isSince(UNREACHABLE[rule], set);
}

/** Whether no trace can have a rule named as what decided a field, though it reaches the rule. */
export function isOvertaken(rule: string, set: RuleSet): boolean {
  return isSince(OVERTAKEN[rule], set);
}
