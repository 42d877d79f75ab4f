import type { Header } from '../../format/index.ts';
import { suggest, suggestId, withSuggestion } from '../text/suggest.ts';
import { type Issue, orList, quote } from '../text/wording.ts';
import { specimenText } from './specimen.ts';

/** Most names searched for the one that was meant, and most that a message lists. */
const MAX_CANDIDATES = 256;
const MAX_LISTED = 6;

/**
 * Names of one kind that the header declares. Without a header that can be relied on, every name
 * passes.
 */
export class Names {
  readonly #noun: string;
  readonly #section: string;
  readonly #declared: ReadonlySet<string> | null;
  /** Names of the other kind of target, which may have been meant. */
  readonly #others: ReadonlySet<string>;
  /** Undeclared names that were told. */
  readonly #told = new Set<string>();
  /** The name that was found last: events name the same few again and again. */
  #found: string | undefined;

  constructor(
    noun: string,
    section: string,
    declared: Iterable<string> | null,
    others: Iterable<string> = [],
  ) {
    this.#noun = noun;
    this.#section = section;
    this.#declared = declared === null ? null : new Set(declared);
    this.#others = new Set(others);
  }

  /** Whether a name may be used. */
  has(name: string): boolean {
    if (name === this.#found || this.#declared === null) return true;
    if (!this.#declared.has(name) && !this.#told.has(name)) return false;
    this.#found = name;
    return true;
  }

  /** How a name could be declared: that of a server has a backend in front, which is declared too. */
  #declaration(name: string): string {
    if (this.#section !== 'servers') return specimenText(this.#section, { [name]: {} });
    const server = name.includes('/') ? name : `b/${name}`;
    const [backend = ''] = server.split('/');
    const declared = specimenText('servers', { [server]: {} });
    if (this.#others.has(backend)) return declared;
    return `${specimenText('backends', { [backend]: {} })}, ${declared}`;
  }

  /** What to say about a name that may not be used; it may be used from now on, to say it once. */
  undeclared(name: string, spot: Pick<Issue, 'path' | 'on' | 'at'>): Issue {
    this.#told.add(name);
    const what = `the header declares no ${this.#noun} ${quote(name)}`;
    // A backend is no server, but a server may be what is meant by the name of its backend.
    const others = this.#section === 'servers' ? [] : this.#others;
    const declared = [...(this.#declared ?? []), ...others];
    const meant = declared.length <= MAX_CANDIDATES ? suggestName(name, declared) : null;
    if (meant !== null && suggest(name, [meant]) !== null) {
      return { ...spot, what, allowed: `did you mean ${quote(meant)}?` };
    }
    const own = [...(this.#declared ?? [])];
    const there =
      meant !== null || own.length === 0 || own.length > MAX_LISTED
        ? ''
        : `there is ${orList(own.map(quote))}; `;
    const example = this.#declaration(name);
    const hint = `${there}a ${this.#noun} is declared in config, e.g. ${example}`;
    return { ...spot, what, allowed: withSuggestion(meant && quote(meant), hint) };
  }
}

/** The name that was meant: a server may lack its backend, or have the wrong one. */
function suggestName(name: string, declared: readonly string[]): string | null {
  const meant = suggest(name, declared);
  if (meant !== null) return meant;
  const own = name.slice(name.indexOf('/') + 1);
  const [backend = ''] = name.split('/');
  const same = declared.filter((each) => each.endsWith(`/${own}`));
  const below = declared.filter((each) => each !== name && each.split('/')[0] === backend);
  const [only = null] = same.length > 0 ? same : below.length === 1 ? below : [];
  return only ?? suggestId(name, declared);
}

/** What the header's config declares. */
export class Declarations {
  /** The number of threads; any number without a header that can be relied on. */
  readonly threads: number;
  /** Frontends by name. */
  readonly frontends: Names;
  /** Backends by name. */
  readonly backends: Names;
  /** Servers by `backend/server`. */
  readonly servers: Names;
  /** Backends where a server could stand as well. */
  readonly #backendTargets: Names;

  constructor(header: Header | null) {
    const { nbthread = 1, frontends = {}, backends = {}, servers = {} } = header?.config ?? {};
    const names = (noun: string, declared: object, others: object = {}) => {
      const all = header === null ? null : Object.keys(declared);
      return new Names(noun, `${noun}s`, all, Object.keys(others));
    };
    this.threads = header === null ? Number.POSITIVE_INFINITY : nbthread;
    this.frontends = names('frontend', frontends);
    this.backends = names('backend', backends);
    this.servers = names('server', servers, backends);
    this.#backendTargets = names('backend', backends, servers);
  }

  /** The kind of name that a target is: a server, or a backend where there is no server. */
  targets(name: string): Names {
    return name.includes('/') ? this.servers : this.#backendTargets;
  }
}

/** What is wrong with the names that a header declares: servers belong to declared backends. */
export function checkNames(header: Header): Issue[] {
  const issues: Issue[] = [];
  const backends = Object.keys(header.config?.backends ?? {});
  const add = (section: string, name: string, what: string, allowed: string) =>
    issues.push({ path: ['config', section, name], on: 'key', what, allowed });
  for (const name of backends) {
    if (!name.includes('/')) continue;
    add('backends', name, `the backend's name ${quote(name)} has a slash`, 'only servers have one');
  }
  const declared = new Set(backends);
  for (const name of Object.keys(header.config?.servers ?? {})) {
    const slash = name.indexOf('/');
    const backend = name.slice(0, slash);
    if (slash < 1 || slash === name.length - 1) {
      const [only] = backends.length === 1 && slash === -1 ? backends : [];
      const meant = only === undefined ? null : quote(`${only}/${name}`);
      const allowed = withSuggestion(meant, 'it must be backend/server');
      add('servers', name, `the server's name is ${quote(name)}`, allowed);
    } else if (!declared.has(backend)) {
      const what = `the server ${quote(name)} has no backend ${quote(backend)}`;
      add('servers', name, what, 'a backend is declared under config.backends, if only as {}');
    }
  }
  return issues;
}
