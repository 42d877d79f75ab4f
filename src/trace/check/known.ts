import type { Header } from '../../format/index.ts';
import type { CallNames, NamedKind } from '../calls/call-names.ts';
import { suggest } from '../text/suggest.ts';
import { type Issue, type Path, quote } from '../text/wording.ts';
import { Declarations, type Names } from './declarations.ts';
import { MAX_ISSUES } from './explain.ts';
import { IdSet } from './id-set.ts';

/** More ids than this are not searched for the one that was meant. */
const MAX_CANDIDATES = 256;

/** Ids of one kind that the trace has introduced so far. */
export class Introduced {
  /** Ids that a later event may use. */
  readonly known = new IdSet();
  /** Those of them that certainly came to exist: introducing one again is an error. */
  readonly certain = new IdSet();
  readonly noun: string;
  readonly hint: string;

  constructor(noun: string, hint: string) {
    this.noun = noun;
    this.hint = hint;
  }
}

/** Where in a line something stands that is wrong. */
export type Spot = Pick<Issue, 'path' | 'on' | 'at'>;

/**
 * What a trace has introduced so far and what its header declares, and what is wrong with the event
 * that is looked at. Every unknown id or name is told once.
 */
export class Known implements CallNames {
  readonly sessions = new Introduced('session', 'session_new introduces a session');
  readonly connections = new Introduced(
    'connection',
    'connect_server and tcpcheck_eval_connect introduce a connection',
  );
  readonly streams = new Introduced(
    'stream',
    'assign_server, connect_server and tcpcheck_eval_connect introduce a stream',
  );
  readonly declarations: Declarations;
  #issues: Issue[] = [];

  /** The header as validated, or null when there is none that could be relied on. */
  constructor(header: Header | null) {
    this.declarations = new Declarations(header);
  }

  /** What is wrong with the event that was looked at, which is over with that. */
  take(): readonly Issue[] {
    if (this.#issues.length === 0) return this.#issues;
    const issues = this.#issues;
    this.#issues = [];
    return issues;
  }

  has(kind: NamedKind, id: string): boolean {
    if (kind === 'sess') return this.sessions.known.has(id);
    return kind === 'conn' ? this.connections.known.has(id) : this.declarations.servers.has(id);
  }

  /** An id that an event uses. */
  use(ids: Introduced, id: string, key: string): void {
    if (!ids.known.has(id)) this.unknown(ids, id, { path: [key], on: 'value' });
  }

  /** A name that an event uses. */
  declared(names: Names, name: string, path: Path, on: Issue['on'] = 'value'): void {
    if (!names.has(name)) this.add(names.undeclared(name, { path, on }));
  }

  /** Tells an id that nothing has introduced; from now on it counts as introduced. */
  unknown(ids: Introduced, id: string, spot: Spot): void {
    const meant = ids.known.size <= MAX_CANDIDATES ? suggest(id, ids.known) : null;
    const what = `no event so far introduces the ${ids.noun} ${quote(id)}`;
    const allowed = meant === null ? ids.hint : `did you mean ${quote(meant)}?`;
    this.add({ ...spot, what, allowed });
    ids.known.add(id);
  }

  /** Tells something. */
  add(issue: Issue): void {
    if (this.#issues.length < MAX_ISSUES) this.#issues.push(issue);
  }
}
