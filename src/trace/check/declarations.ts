import type { Header } from '../../format/index.ts';
import { suggest } from '../text/suggest.ts';
import { type Issue, quote } from '../text/wording.ts';

/** Most names searched for the one that was meant. */
const MAX_CANDIDATES = 256;

/**
 * Names of one kind that the header declares. Without a header that can be relied on, every name
 * passes.
 */
export class Names {
  readonly #noun: string;
  readonly #section: string;
  readonly #declared: Set<string> | null;
  /** The name that was found last: events name the same few again and again. */
  #found: string | undefined;

  constructor(noun: string, section: string, declared: Iterable<string> | null) {
    this.#noun = noun;
    this.#section = section;
    this.#declared = declared === null ? null : new Set(declared);
  }

  /** Whether a name may be used. */
  has(name: string): boolean {
    if (name === this.#found || this.#declared === null) return true;
    if (!this.#declared.has(name)) return false;
    this.#found = name;
    return true;
  }

  /** What to say about a name that may not be used; it may be used from now on, to say it once. */
  undeclared(name: string, spot: Pick<Issue, 'path' | 'on' | 'at'>): Issue {
    const declared = this.#declared ?? new Set();
    const meant = declared.size <= MAX_CANDIDATES ? suggest(name, declared) : null;
    declared.add(name);
    const what = `the header declares no ${this.#noun} ${quote(name)}`;
    const hint = `a ${this.#noun} is declared under ${this.#section}`;
    return { ...spot, what, allowed: meant === null ? hint : `did you mean ${quote(meant)}?` };
  }
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

  constructor(header: Header | null) {
    const { nbthread = 1, frontends = {}, backends = {}, servers = {} } = header?.config ?? {};
    const names = (noun: string, declared: object) =>
      new Names(noun, `config.${noun}s`, header === null ? null : Object.keys(declared));
    this.threads = header === null ? Number.POSITIVE_INFINITY : nbthread;
    this.frontends = names('frontend', frontends);
    this.backends = names('backend', backends);
    this.servers = names('server', servers);
  }

  /** The kind of name that a target is: a server, or a backend where there is no server. */
  targets(name: string): Names {
    return name.includes('/') ? this.servers : this.backends;
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
      add('servers', name, `the server's name is ${quote(name)}`, 'it must be backend/server');
    } else if (!declared.has(backend)) {
      const what = `the server ${quote(name)} has no backend ${quote(backend)}`;
      add('servers', name, what, 'a backend is declared under config.backends, if only as {}');
    }
  }
  return issues;
}
