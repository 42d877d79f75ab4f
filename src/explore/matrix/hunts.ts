import type { BugName } from '../../history/index.ts';

/** A bug of the history, a world by name in which a search meets it, and as what. */
export interface Hunt {
  readonly bug: BugName;
  readonly world: string;
  /** What the search finds there; see `Find`. */
  readonly finding: string;
  /** The oldest rule set under which the bug shows like this, if others before have it as well. */
  readonly since?: string;
}

const NULL_SESSION = 'no-crash session_check_idle_conn(NULL)';

/** Which bugs the worlds by name bring to light, under the rule sets that have them. */
export const HUNTS: readonly Hunt[] = [
  { bug: 'B1', world: 'failed-listing', finding: NULL_SESSION },
  { bug: 'B2', world: 'shared-authentication', finding: NULL_SESSION, since: '08016ab82' },
  {
    bug: 'B2',
    world: 'shared-authentication',
    finding: 'no-crash session_check_idle_conn(freed)',
    since: '08016ab82',
  },
  { bug: 'B2', world: 'shared-authentication', finding: 'entry-not-empty', since: '08016ab82' },
  { bug: 'B2', world: 'shared-authentication-fcgi', finding: NULL_SESSION, since: '08016ab82' },
  { bug: 'B3', world: 'tcp-retry', finding: 'no-orphan' },
  { bug: 'B4', world: 'tcp-retry', finding: 'no-connecting-reuse' },
  { bug: 'B4', world: 'send-proxy', finding: 'no-connecting-reuse' },
  { bug: 'B5', world: 'last-server', finding: 'idle-is-marked' },
  { bug: 'B6', world: 'last-answer', finding: 'idle-is-marked' },
  { bug: 'B7', world: 'no-memory', finding: 'no-crash connect_server', since: '08016ab82' },
  { bug: 'B8', world: 'dangling-owner', finding: 'owner-is-live', since: '08016ab82' },
  { bug: 'B16', world: 'negotiated-shared', finding: 'reusable-is-offered' },
  { bug: 'B17', world: 'delayed-mux', finding: 'session-idle-is-listed' },
  { bug: 'B18', world: 'idle-periods', finding: 'idle-is-marked' },
  { bug: 'B18', world: 'idle-periods', finding: 'idle-limit' },
  { bug: 'B23', world: 'lent', finding: 'used-count' },
  {
    bug: 'B24',
    world: 'dangling-owner',
    finding: 'no-crash session_unown_conn(freed) in h2_detach',
  },
  {
    bug: 'B5',
    world: 'idle-io',
    finding: 'no-abort h2_io_cb(what a session lists without a stream is not idle)',
    since: '3.3.0',
  },
  { bug: 'B5', world: 'idle-io', finding: 'session-idle-counter', since: '3.3.0' },
  { bug: 'B26', world: 'deleted-server', finding: 'deleted-is-unused' },
  { bug: 'B27', world: 'deleted-server', finding: 'idle-count' },
  { bug: 'B30', world: 'dangling-owner', finding: 'reusable-is-offered' },
];
