import type { Header } from '../../format/index.ts';
import {
  type CallNames,
  type CountedCalls,
  countedBy,
  type NamedKind,
} from '../calls/call-names.ts';
import { suggest, suggestId, withSuggestion } from '../text/suggest.ts';
import { type Issue, type Path, quote } from '../text/wording.ts';
import { Declarations, type Names } from './declarations.ts';
import { MAX_ISSUES } from './explain.ts';
import { IdSet } from './id-set.ts';
import { UnreadLines } from './unread.ts';

/** How many ids are compared in all to find those that were meant: unknown ones may be many. */
const MAX_COMPARED = 1_000_000;

/** Most ids that a message lists. */
const MAX_LISTED = 6;

/** Ids of one kind that the trace has introduced so far. */
export class Introduced {
  /** Ids that a later event may use. */
  readonly known = new IdSet();
  /** Those of them that nothing has introduced, and that were told. */
  readonly told = new IdSet();
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
  readonly counted: CountedCalls;
  readonly unread = new UnreadLines();
  #issues: Issue[] = [];
  #compared = 0;

  /** The header as validated, or null when there is none that could be relied on. */
  constructor(header: Header | null) {
    this.declarations = new Declarations(header);
    this.counted = countedBy(header);
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
    if (kind === 'conn') return this.connections.known.has(id);
    return kind === 'srv'
      ? this.declarations.servers.has(id)
      : this.declarations.targets(id).has(id);
  }

  /** An id that an event uses. */
  use(ids: Introduced, id: string, key: string): void {
    if (!ids.known.has(id)) this.unknown(ids, id, { path: [key], on: 'value' });
  }

  /** A name that an event uses. */
  declared(names: Names, name: string, path: Path, on: Issue['on'] = 'value'): void {
    if (!names.has(name)) this.add(names.undeclared(name, { path, on }));
  }

  /**
   * Tells an id that nothing has introduced, unless a line that was refused may have; from now on it
   * counts as introduced.
   */
  unknown(ids: Introduced, id: string, spot: Spot): void {
    if (this.unread.mentions(id) || this.unread.lacks(ids.noun)) {
      ids.known.add(id);
      return;
    }
    const what = `no event so far introduces the ${ids.noun} ${quote(id)}`;
    const isNone = isOptional(spot.path) && /^(?:null|nil|none)$/i.test(id);
    const allowed = isNone
      ? 'did you mean null? nobody is null, without quotes'
      : this.#allowed(ids, id);
    this.add({ ...spot, what, allowed });
    ids.known.add(id);
    ids.told.add(id);
  }

  #allowed(ids: Introduced, id: string): string {
    const kind = this.#kinds().find((each) => each !== ids && isIntroduced(each, id));
    const other = kind === undefined ? '' : `that is a ${kind.noun}; `;
    this.#compared += ids.known.size;
    if (ids.known.size === 0 || this.#compared > MAX_COMPARED) return `${other}${ids.hint}`;
    const all = [...ids.known].filter((each) => !ids.told.has(each));
    const meant = suggestId(id, all);
    // That a number is another one may also be because an event is missing.
    const isTypo = meant !== null && suggest(id, [meant]) !== null;
    if (isTypo) return `${other}did you mean ${quote(meant)}?`;
    const there = all.length === 0 || all.length > MAX_LISTED ? '' : all.map(quote).join(', ');
    const hint = meant === null && there !== '' ? `there is ${there}; ${ids.hint}` : ids.hint;
    return `${other}${withSuggestion(meant && quote(meant), hint)}`;
  }

  #kinds(): readonly Introduced[] {
    return [this.sessions, this.streams, this.connections];
  }

  /** Tells something. */
  add(issue: Issue): void {
    if (this.#issues.length < MAX_ISSUES) this.#issues.push(issue);
  }
}

/** Whether nobody may be named at a place. */
function isOptional(path: Path): boolean {
  return ['owner', 'listed_in'].includes(String(path.at(-1)));
}

function isIntroduced({ known, told }: Introduced, id: string): boolean {
  return known.has(id) && !told.has(id);
}
