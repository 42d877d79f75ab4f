import type { Commit } from '../engine/rule-sets/index.ts';
import type { BugName } from './bugs.ts';
import { isBefore, knownVersion, type Version } from './version.ts';

/**
 * A change of the development branch that older branches were asked to take over. Whether one did,
 * and with which release, the history that these are from does not tell: it has no stable branches.
 */
export interface Backport {
  /** With their dates; of some the month alone is known, `2025-08`. */
  readonly commits: readonly Commit[];
  /** The first version of the development branch that has all of it. */
  readonly first: string;
  /** The oldest branch that was asked to take it; null: every one. */
  readonly from: string | null;
  /** The bug that it cures, or brings; null: what was there before was none. */
  readonly bug: BugName | null;
  /** What it changes, in one sentence of ours. */
  readonly says: string;
  /** A release of another branch that has it: it does so when traces are verified on it. */
  readonly seenIn?: string;
}

/** Every change of the rules that stable branches were asked for, oldest first. */
export const BACKPORTS: readonly Backport[] = [
  {
    commits: [{ id: '3aab17bd5', date: '2020-11-21' }],
    first: '2.4-dev1',
    from: '2.3',
    bug: 'B24',
    says: 'a connection in no session list is not taken from the session that made it',
  },
  {
    commits: [{ id: '3f07c20fa', date: '2021-01-28' }],
    first: '2.4-dev7',
    from: '2.3',
    bug: 'B4',
    says: 'a connection of the session that is still in its handshake is passed over',
  },
  {
    commits: [{ id: '08d87b3f4', date: '2021-01-28' }],
    first: '2.4-dev7',
    from: '2.3',
    bug: 'B4',
    says: 'only streams of HTTP reuse connections; until 249f0562c it is the others that list theirs',
  },
  {
    commits: [{ id: '6ed242ece', date: '2021-07-30' }],
    first: '2.5-dev3',
    from: '2.2',
    bug: 'B15',
    says: 'a connection that is woken leaves the pool, so that no other thread takes it meanwhile',
  },
  {
    commits: [{ id: 'aee4fdbd1', date: '2021-10-22' }],
    first: '2.5.0',
    from: '2.4',
    bug: 'B37',
    says: 'a connection has its key before it joins a tree',
  },
  {
    commits: [{ id: 'fbff85425', date: '2022-03-09' }],
    first: '2.6-dev3',
    from: '2.3',
    bug: 'B3',
    says: 'a connection of a tcp stream is closed when the stream leaves it',
  },
  {
    commits: [{ id: '6e805dab2', date: '2022-03-18' }],
    first: '2.6-dev4',
    from: '2.2',
    bug: 'B22',
    says: 'what writes traces reads the owner of listed connections only',
  },
  {
    commits: [{ id: '7ae48a70d', date: '2022-04-22' }],
    first: '2.6-dev7',
    from: '2.4',
    bug: 'B36',
    says: 'a connection leaves its tree under the lock of the tree',
  },
  {
    commits: [{ id: 'ecb40b2c3', date: '2022-09-01' }],
    first: '2.7-dev5',
    from: '2.6',
    bug: null,
    says: 'a first request that can be sent again after any failure (retry-on) gets a connection as a later one does',
    seenIn: '2.6.12',
  },
  {
    commits: [{ id: '852234848', date: '2022-10-03' }],
    first: '2.7-dev7',
    from: '2.5',
    bug: 'B37',
    says: 'keys have 64 bits on machines of 32 bits, too',
  },
  {
    commits: [{ id: '5e1b0e7bf', date: '2023-02-28' }],
    first: '2.8-dev5',
    from: '2.2',
    bug: 'B20',
    says: 'what the purge takes is not marked as pooled any more, and so miscounted when it is freed',
  },
  {
    commits: [{ id: '3a7b539b1', date: '2023-03-16' }],
    first: '2.8-dev6',
    from: '2.2',
    bug: 'B20',
    says: 'what the purge takes stays marked, and is known by the removal list that it is in',
  },
  {
    commits: [{ id: '7dae3ceaa', date: '2024-03-14' }],
    first: '3.0-dev6',
    from: '2.4',
    bug: 'B26',
    says: 'a server knows the sessions that keep connections to it, so that its end reaches them',
  },
  {
    commits: [{ id: 'c130f7480', date: '2024-03-20' }],
    first: '3.0-dev6',
    from: null,
    bug: 'B1',
    says: 'the session that lists a connection becomes its owner',
  },
  {
    commits: [{ id: 'fd3ce173a', date: '2024-03-20' }],
    first: '3.0-dev6',
    from: null,
    bug: 'B2',
    says: 'a challenge makes no connection private that several sessions may be using',
  },
  {
    commits: [{ id: '87b96cf3a', date: '2024-03-20' }],
    first: '3.0-dev6',
    from: '2.4',
    bug: 'B23',
    says: 'a lent connection that is freed is counted as used no longer',
  },
  {
    commits: [{ id: '0be225f34', date: '2025-08-28' }],
    first: '3.3-dev8',
    from: '3.0',
    bug: 'B27',
    says: 'a deleted server takes its connections off the idle counts of their sessions',
  },
  {
    commits: [
      { id: '04f05f188', date: '2025-08' },
      { id: 'a96f1286a', date: '2025-08' },
      { id: '687df405f', date: '2025-09' },
    ],
    first: '3.3-dev8',
    from: '3.0',
    bug: 'B35',
    says: 'a connection that is reversed has its links made anew for its other side',
  },
  {
    commits: [{ id: '59c599f3f', date: '2025-11-05' }],
    first: '3.3-dev12',
    from: null,
    bug: 'B30',
    says: 'an H2 connection that is dead is not kept idle, and one without an owner counts as dead',
  },
  {
    commits: [
      { id: '096999ee2', date: '2025-11' },
      { id: 'd79295d89', date: '2025-11' },
      { id: '9481cef94', date: '2025-11' },
      { id: '05c409f1b', date: '2025-11' },
    ],
    first: '3.3-dev14',
    from: null,
    bug: 'B20',
    says: 'what happens on a connection that is to be purged does not bring it back into the pool',
  },
  {
    commits: [{ id: '40d16af7a', date: '2025-12-18' }],
    first: '3.4-dev2',
    from: '3.3',
    bug: 'B5',
    says: 'the choice of the last server leaves the idle mark of its connection alone',
  },
  {
    commits: [{ id: '9a046fc3a', date: '2025-12-18' }],
    first: '3.4-dev2',
    from: '3.3',
    bug: 'B6',
    says: 'after a GOAWAY an H2 connection ends with its last stream',
  },
  {
    commits: [{ id: 'a0541f5d2', date: '2026-04-16' }],
    first: '3.4-dev10',
    from: null,
    bug: 'B30',
    says: 'an H2 connection without an owner is not dead; for those who took over 59c599f3f',
  },
  {
    commits: [{ id: '0be6c0076', date: '2026-04-24' }],
    first: '3.4-dev10',
    from: '3.2',
    bug: 'B33',
    says: 'with check-reuse-pool the connection of a health check is not private',
  },
  {
    commits: [{ id: 'de3f245df', date: '2026-05-20' }],
    first: '3.4-dev13',
    from: '3.2',
    bug: 'B34',
    says: 'a negotiated protocol is remembered for connections of the same key only',
  },
  {
    commits: [
      { id: 'c76e0f1bc', date: '2026-05-28' },
      { id: '1cf1a0c8b', date: '2026-05-28' },
    ],
    first: '3.4.0',
    from: '3.3',
    bug: 'B32',
    says: 'a private QUIC connection leaves its session, and one in error is not used again',
  },
  {
    commits: [{ id: 'ad4cbb634', date: '2026-08-17' }],
    first: '3.5-dev5',
    from: null,
    bug: 'B22',
    says: 'what writes traces does not read links that a client connection does not have',
  },
];

/** Whether a change came to the branch of a version on its own way, or was asked for there. */
function concerns({ first, from }: Backport, version: Version): boolean {
  const master = knownVersion(first);
  if (master.branch === version.branch) return !isBefore(version, master);
  // Development versions take over nothing, they are what others take it from.
  const oldest = knownVersion(`${version.branch}.0`);
  if (isBefore(version, oldest) || !isBefore(version, master)) return false;
  return from === null || !isBefore(oldest, knownVersion(`${from}.0`));
}

/**
 * What a branch has changed after one of its versions, as far as it is known, oldest first: what it
 * got while it was the development branch, and what it was asked to take over later.
 *
 * @param since a version of the branch, which the changes came after
 * @param version of the branch, which they may be in
 */
export function changedSince(since: Version, version: Version): Backport[] {
  return BACKPORTS.filter(
    (each) => isBefore(since, knownVersion(each.first)) && concerns(each, version),
  );
}
