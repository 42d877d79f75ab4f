import type { Property } from '../engine/invariants/property-names.ts';
import { RULE_SETS, type RuleSet } from '../engine/rule-sets/index.ts';

/** What the history calls a bug, e.g. `B24`. */
export type BugName = `B${number}`;

/** A bug of HAProxy's history, as far as rule sets have it. */
export interface Bug {
  readonly name: BugName;
  /** In a few words of ours, what goes wrong. */
  readonly says: string;
  /** The oldest rule set that has it; null: it was there only between two of them. */
  readonly from: string | null;
  /** The oldest later rule set without it; null: the newest still has it. */
  readonly until: string | null;
  /** The commits that cured it; none: it is open, or went with what it was in. */
  readonly cures: readonly string[];
  /** What a trace that meets it breaks. Of some only what comes out is wrong. */
  readonly breaks: readonly Property[];
}

/** The bugs that a rule set can have: those of threads alone and of other muxes are left out. */
export const BUGS: readonly Bug[] = [
  {
    name: 'B1',
    says: 'a listing is tried again after the connection has lost its owner',
    from: '08016ab82',
    until: '3.0.0',
    cures: ['c130f7480'],
    breaks: ['no-crash', 'private-has-owner'],
  },
  {
    name: 'B2',
    says: 'a challenge makes a connection private that other sessions are using',
    from: '2.2.0',
    until: '3.0.0',
    cures: ['fd3ce173a'],
    breaks: [
      'no-crash',
      'private-has-owner',
      'listed-by-owner',
      'private-to-one-session',
      'idle-count',
      'entry-not-empty',
    ],
  },
  {
    name: 'B3',
    says: 'a connection of a tcp stream stays open when the stream has left it',
    from: '08016ab82',
    until: '2.6.0',
    cures: ['fbff85425'],
    breaks: ['no-orphan', 'no-leak'],
  },
  {
    name: 'B4',
    says: 'a connection of the session is taken before its handshake is over',
    from: '08016ab82',
    until: '2.4.0',
    cures: ['3f07c20fa', '08d87b3f4'],
    breaks: ['no-connecting-reuse'],
  },
  {
    name: 'B5',
    says: 'the choice of the last server takes the idle mark off a connection that nobody uses then',
    from: '2.2.0',
    until: '3.4.0',
    cures: ['40d16af7a'],
    breaks: ['no-abort', 'idle-is-marked', 'session-idle-counter'],
  },
  {
    name: 'B6',
    says: 'a connection that is found loses its idle mark, and cannot be joined',
    from: '2.2.0',
    until: '3.4.0',
    cures: ['9a046fc3a'],
    breaks: ['idle-is-marked'],
  },
  {
    name: 'B7',
    says: 'nobody looks whether a connection could be allocated',
    from: '21ddc74e8',
    until: '2.3.0',
    cures: ['dc2ac81c4'],
    breaks: ['no-crash'],
  },
  {
    name: 'B8',
    says: 'a shared connection points to the session that made it when that has ended',
    from: '2.2.0',
    until: '3.4.0',
    cures: ['3aab17bd5', 'd93c53b0d'],
    breaks: ['owner-is-live', 'pooled-has-no-owner'],
  },
  {
    name: 'B10',
    says: 'a connection taken from the pool is given up for its source address, and parked',
    from: '2.2.0',
    until: '2.4.0',
    cures: ['d10a200f6'],
    breaks: ['available-has-stream', 'used-count'],
  },
  {
    name: 'B12',
    says: 'a connection whose mux was negotiated is not lent, and so in no list while it is used',
    from: '2.2.0',
    until: null,
    cures: [],
    breaks: [],
  },
  {
    name: 'B14',
    says: 'an H1 connection that cannot be used again is kept for its owner',
    from: '08016ab82',
    until: '2.4.0',
    cures: ['3c82d8b32'],
    breaks: ['no-orphan'],
  },
  {
    name: 'B16',
    says: 'a shareable connection whose mux was negotiated never reaches the pool',
    from: '2.2.0',
    until: '21ddc74e8',
    cures: ['c5579d18d', '29ae7ffed'],
    breaks: ['reusable-is-offered'],
  },
  {
    name: 'B17',
    says: 'a private connection whose mux was negotiated is counted, and never listed',
    from: '2.2.0',
    until: '08016ab82',
    cures: ['08016ab82'],
    breaks: ['private-is-listed', 'session-idle-is-listed', 'idle-count'],
  },
  {
    name: 'B18',
    says: 'only the first time that a private H1 connection is idle is counted',
    from: '2.2.0',
    until: '08016ab82',
    cures: ['08016ab82'],
    breaks: ['idle-is-marked', 'idle-limit'],
  },
  {
    name: 'B20',
    says: 'what happens on a connection that is to be purged brings it back, or counts it twice',
    from: '2.2.0',
    until: '3.3.0',
    cures: ['5e1b0e7bf', '3a7b539b1', '9481cef94', '05c409f1b'],
    breaks: ['counters-not-negative', 'idle-counters', 'pooled-is-shareable'],
  },
  {
    name: 'B21',
    says: 'a private connection in no list is counted off a second time when it is freed',
    from: null,
    until: null,
    cures: ['96ddc8ab4'],
    breaks: ['used-count', 'counters-not-negative'],
  },
  {
    name: 'B23',
    says: 'a lent connection that is freed is counted as used for ever',
    from: '2.3.0',
    until: '3.0.0',
    cures: ['87b96cf3a'],
    breaks: ['used-count'],
  },
  {
    name: 'B24',
    says: 'a pooled connection is taken from a session that has ended',
    from: '2.3.0',
    until: '3aab17bd5',
    cures: ['3aab17bd5'],
    breaks: ['no-crash', 'owner-is-live'],
  },
  {
    name: 'B25',
    says: 'the streams of HTTP alone do not list what they connect',
    from: null,
    until: null,
    cures: ['249f0562c'],
    breaks: [],
  },
  {
    name: 'B26',
    says: 'a server is deleted while sessions keep connections to it',
    from: '2.4.0',
    until: '3.0.0',
    cures: ['7dae3ceaa'],
    breaks: ['deleted-is-unused'],
  },
  {
    name: 'B27',
    says: 'a deleted server leaves the idle counts of its sessions too high',
    from: '3.0.0',
    until: '3.3.0',
    cures: ['0be225f34'],
    breaks: ['idle-count'],
  },
  {
    name: 'B29',
    says: 'a private connection that cannot be listed again after its I/O is destroyed',
    from: '3.3.0',
    until: null,
    cures: [],
    breaks: [],
  },
  {
    name: 'B30',
    says: 'an H2 connection from the pool is closed after its request, as it has no owner',
    from: '3.3.0',
    until: '3.4.0',
    cures: ['a0541f5d2'],
    breaks: ['reusable-is-offered'],
  },
  {
    name: 'B31',
    says: 'a challenge on a connection without an owner ends the program',
    from: null,
    until: null,
    cures: ['4fc1e3937'],
    breaks: ['no-crash'],
  },
  {
    name: 'B33',
    says: 'the connections of health checks are private, and so never for other checks',
    from: '3.2.0',
    until: '3.4.0',
    cures: ['0be6c0076'],
    breaks: [],
  },
  {
    name: 'B38',
    says: 'a lent connection that another session takes keeps its first owner, and is not listed',
    from: '2.3.0',
    until: '38b4d2eb2',
    cures: ['38b4d2eb2'],
    breaks: ['listed-by-owner'],
  },
];

/** The rule sets that have a bug, oldest first. */
export function setsWith({ from, until }: Bug): RuleSet[] {
  const first = RULE_SETS.findIndex(({ id }) => id === from);
  const end = RULE_SETS.findIndex(({ id }) => id === until);
  return first === -1 ? [] : RULE_SETS.slice(first, end === -1 ? RULE_SETS.length : end);
}

/** The bugs that are known to break a promise, in their order. */
export function bugsThatBreak(property: Property): Bug[] {
  return BUGS.filter(({ breaks }) => breaks.includes(property));
}
