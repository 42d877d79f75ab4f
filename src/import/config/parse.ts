import type { Config } from '../../format/index.ts';
import { versionIn } from '../lines/version.ts';
import type { ConfigProblem, HaproxyConfig } from './model.ts';
import { backendOf, NOTHING_SAID, type ProxySection, type Settings, serverOf } from './proxy.ts';
import { isTransparent, readServerWords, usesrcOf } from './server-line.ts';
import { integer, splitWords } from './words.ts';

/** A file of a configuration. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

const REUSE = ['never', 'safe', 'aggressive', 'always'] as const;
/** Threads that a trace can have. */
const THREADS_MAX = 64;
/** Servers that one template makes at most. */
const TEMPLATE_MAX = 10_000;
/** Directives whose meaning hangs on a variable that nobody knows here. */
const READ =
  /^(?:mode|http-reuse|max-session-srv-conns|option|no|retry-on|source|server|server-template|default-server|use-fcgi-app|nbthread|tune\..*|defaults|frontend|backend|listen|fcgi-app)$/;

type Section = 'global' | 'defaults' | 'proxy' | 'fcgi-app' | 'other';

/** Reads files one after the other, as HAProxy does. */
class Parser {
  readonly problems: ConfigProblem[] = [];
  readonly #proxies: ProxySection[] = [];
  readonly #defaults = new Map<string, Settings>();
  /** Of a nameless `defaults`, for all that follow; or of the last one. */
  #current: Settings = NOTHING_SAID;
  readonly #keepConn = new Map<string, boolean>();
  #section: Section = 'other';
  #settings: Settings = { ...NOTHING_SAID };
  #proxy: ProxySection | null = null;
  #app = '';
  #nbthread: number | null = null;
  #isShared: boolean | null = null;
  #limits = { all: null as number | null, backend: null as number | null };
  #version: string | null = null;
  readonly #waits: string[] = [];
  /** Open conditionals: whether their lines are read, and whether a branch was taken. */
  readonly #conditions: { isRead: boolean; isTold: boolean }[] = [];
  #path = '';
  #line = 0;

  #problem(what: string): void {
    this.problems.push({ path: this.#path, line: this.#line, what });
  }

  file({ path, text }: ConfigFile): void {
    this.#path = path;
    this.#line = 0;
    this.#conditions.length = 0;
    for (const line of text.split('\n')) {
      this.#line++;
      this.#read(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    if (this.#conditions.length > 0) this.#problem('a .if has no .endif');
  }

  #read(line: string): void {
    this.#version ??= versionIn(line);
    const { words, variables, isOpen } = splitWords(line);
    const [first, ...rest] = words;
    if (first === undefined) return;
    if (first.startsWith('.')) {
      this.#condition(first, rest);
      return;
    }
    if (this.#conditions.some(({ isRead }) => !isRead)) return;
    if (isOpen) this.#problem('a quote has no end');
    if (variables.length > 0 && READ.test(first)) {
      const names = [...new Set(variables)].join(', ');
      this.#problem(`${first} depends on the environment (${names}), which is not known`);
    }
    if (!this.#begin(first, rest)) this.#directive(first, rest);
  }

  #condition(word: string, rest: readonly string[]): void {
    const open = this.#conditions.at(-1);
    if (word === '.if') {
      const value = rest.length === 0 ? 0 : rest.length === 1 ? integer(rest[0]) : null;
      if (value === null) {
        this.#problem('the condition of .if is not evaluated: its lines are not read');
      }
      this.#conditions.push({ isRead: value !== null && value !== 0, isTold: value === null });
    } else if (word === '.endif') this.#conditions.pop();
    else if (open !== undefined && (word === '.else' || word === '.elif')) {
      // Of a condition that is not known no branch is.
      if (word === '.elif' && !open.isTold && !open.isRead) {
        this.#problem('the condition of .elif is not evaluated: its lines are not read');
        open.isTold = true;
      }
      open.isRead = !open.isTold && !open.isRead;
      if (!open.isRead) open.isTold = true;
    }
  }

  /** Whether a line begins a section. */
  #begin(word: string, rest: readonly string[]): boolean {
    const [name = ''] = rest;
    switch (word) {
      case 'global':
        this.#section = 'global';
        return true;
      case 'defaults': {
        const settings = this.#inherited(rest[rest[0] === 'from' ? 1 : 2], rest.includes('from'));
        this.#section = 'defaults';
        this.#settings = settings ?? { ...NOTHING_SAID };
        this.#current = this.#settings;
        if (name !== '' && name !== 'from') this.#defaults.set(name, this.#settings);
        return true;
      }
      case 'frontend':
      case 'backend':
      case 'listen':
        this.#beginProxy(word, name, rest);
        return true;
      case 'fcgi-app':
        this.#section = 'fcgi-app';
        this.#app = name;
        this.#keepConn.set(name, true);
        return true;
      case 'peers':
      case 'resolvers':
      case 'mailers':
      case 'userlist':
      case 'cache':
      case 'program':
      case 'http-errors':
      case 'ring':
      case 'log-forward':
      case 'log-profile':
      case 'traces':
      case 'crt-store':
      case 'acme':
        this.#section = 'other';
        return true;
      default:
        return false;
    }
  }

  #inherited(from: string | undefined, isAsked: boolean): Settings | null {
    if (!isAsked) return null;
    const found = from === undefined ? undefined : this.#defaults.get(from);
    if (found === undefined) this.#problem(`there is no defaults section ${from ?? ''}`);
    return { ...(found ?? NOTHING_SAID) };
  }

  #beginProxy(kind: string, name: string, rest: readonly string[]): void {
    const isFrom = rest[1] === 'from';
    const settings = this.#inherited(rest[2], isFrom) ?? { ...this.#current };
    if (name === '') this.#problem(`${kind} has no name`);
    this.#section = 'proxy';
    this.#settings = settings;
    this.#proxy = {
      name,
      isFrontend: kind !== 'backend',
      isBackend: kind !== 'frontend',
      settings,
      servers: [],
    };
    if (name !== '') this.#proxies.push(this.#proxy);
  }

  #directive(word: string, rest: readonly string[]): void {
    if (this.#section === 'global') this.#global(word, rest);
    else if (this.#section === 'fcgi-app') this.#fcgiApp(word, rest);
    else if (this.#section !== 'other') this.#inProxy(word, rest);
  }

  #global(word: string, [value]: readonly string[]): void {
    switch (word) {
      case 'nbthread':
        this.#nbthread = this.#count(word, value, 1, THREADS_MAX) ?? this.#nbthread;
        break;
      case 'tune.idle-pool.shared':
        this.#isShared = value !== 'off';
        break;
      case 'tune.h2.max-concurrent-streams':
        this.#limits.all = this.#count(word, value, 1, 2 ** 31) ?? this.#limits.all;
        break;
      case 'tune.h2.be.max-concurrent-streams':
        this.#limits.backend = this.#count(word, value, 1, 2 ** 31) ?? this.#limits.backend;
        break;
      default:
    }
  }

  #count(word: string, value: string | undefined, min: number, max: number): number | null {
    const count = integer(value);
    if (count !== null && count >= min && count <= max) return count;
    this.#problem(`${word} is no number from ${min} to ${max}`);
    return null;
  }

  #fcgiApp(word: string, rest: readonly string[]): void {
    const isNo = word === 'no';
    const [option, name] = isNo ? rest : [word, rest[0]];
    if (option === 'option' && name === 'keep-conn') this.#keepConn.set(this.#app, !isNo);
  }

  #inProxy(word: string, rest: readonly string[]): void {
    const settings = this.#settings;
    const [value = ''] = rest;
    switch (word) {
      case 'mode':
        settings.mode = value === 'http' ? 'http' : 'tcp';
        if (value !== 'http' && value !== 'tcp') this.#problem(`mode ${value} is not modelled`);
        break;
      case 'http-reuse': {
        const reuse = REUSE.find((each) => each === value);
        if (reuse === undefined) this.#problem(`http-reuse ${value} is not known`);
        else settings.reuse = reuse;
        break;
      }
      case 'max-session-srv-conns':
        settings.maxSessionConns = this.#count(word, value, 0, 2 ** 31) ?? settings.maxSessionConns;
        break;
      case 'retry-on':
        settings.retryOn = rest.length === 0 || value === 'none' ? null : [...rest];
        break;
      case 'source': {
        const at = rest.indexOf('usesrc');
        settings.usesrc = at === -1 ? null : usesrcOf(rest[at + 1] ?? '');
        break;
      }
      case 'use-fcgi-app':
        settings.fcgiApp = value;
        break;
      case 'option':
      case 'no':
        this.#option(word === 'no', word === 'no' ? rest : [word, ...rest]);
        break;
      case 'default-server':
        settings.defaultServer = readServerWords(rest, settings.defaultServer, (what) =>
          this.#problem(what),
        );
        break;
      case 'server':
        this.#server(rest);
        break;
      case 'server-template':
        this.#template(rest);
        break;
      default:
    }
  }

  #option(isNo: boolean, [word, name]: readonly string[]): void {
    if (word === 'option' && name === 'prefer-last-server') this.#settings.preferLast = !isNo;
  }

  #server([name = '', address = '', ...words]: readonly string[]): void {
    if (name === '' || address === '') {
      this.#problem('a server lacks its name or its address');
      return;
    }
    const settings = readServerWords(words, this.#settings.defaultServer, (what) =>
      this.#problem(what),
    );
    const header = isTransparent(address)
      ? { ...settings.header, transparent: true }
      : settings.header;
    if (settings.waits) this.#waits.push(`${this.#proxy?.name ?? ''}/${name} has a maxconn`);
    this.#proxy?.servers.push({ name, settings: { ...settings, header } });
  }

  #template([prefix = '', range = '', ...rest]: readonly string[]): void {
    const [, from = '1', to] = /^(?:(\d+)-)?(\d+)$/.exec(range) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (prefix === '' || !(last >= first) || last - first >= TEMPLATE_MAX) {
      this.#problem('a server-template lacks its prefix or its range');
      return;
    }
    for (let number = first; number <= last; number++)
      this.#server([`${prefix}${number}`, ...rest]);
  }

  end(): HaproxyConfig {
    const backends = this.#proxies.filter(({ isBackend }) => isBackend);
    const servers = backends.flatMap((proxy) => proxy.servers.map((server) => ({ proxy, server })));
    const limit = this.#limits.backend ?? this.#limits.all;
    const header: Config = {
      ...(this.#nbthread === null ? {} : { nbthread: this.#nbthread }),
      ...(this.#isShared === false ? { 'tune.idle-pool.shared': false } : {}),
      frontends: Object.fromEntries(
        this.#proxies
          .filter(({ isFrontend }) => isFrontend)
          .map(({ name, settings: { maxSessionConns: max } }) => [
            name,
            max === null ? {} : { 'max-session-srv-conns': max },
          ]),
      ),
      backends: Object.fromEntries(backends.map((proxy) => [proxy.name, backendOf(proxy)])),
      servers: Object.fromEntries(
        servers.map(({ proxy, server }) => {
          const { fcgiApp } = proxy.settings;
          const keepConn = fcgiApp === null ? null : (this.#keepConn.get(fcgiApp) ?? true);
          return [`${proxy.name}/${server.name}`, serverOf(server, keepConn, limit)];
        }),
      ),
    };
    return {
      header,
      hasChecks: servers.some(({ server }) => server.settings.check),
      checkReuses: new Set(
        servers.flatMap(({ proxy, server }) =>
          server.settings.checkReuses ? [`${proxy.name}/${server.name}`] : [],
        ),
      ),
      waits: this.#waits,
      hasSni: servers.some(({ server }) => server.settings.hasKey),
      version: this.#version,
      problems: this.problems,
    };
  }
}

/** Reads a configuration, file after file. It never throws: what is wrong is told with its line. */
export function parseConfig(files: readonly ConfigFile[]): HaproxyConfig {
  const parser = new Parser();
  for (const file of files) parser.file(file);
  return parser.end();
}
