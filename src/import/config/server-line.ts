import type { ServerConfig } from '../../format/index.ts';
import { integer, milliseconds } from './words.ts';

/** What the words behind a server's address say. */
export interface ServerSettings {
  readonly header: ServerConfig;
  readonly check: boolean;
  /** Checks may be served by a connection that is there. */
  readonly checkReuses: boolean;
  /** Streams may wait for it. */
  readonly waits: boolean;
  /** `sni` depends on the request, or `pool-conn-name` is set. */
  readonly hasKey: boolean;
}

/** A server of which nothing is said. */
export const NO_SETTINGS: ServerSettings = {
  header: {},
  check: false,
  checkReuses: false,
  waits: false,
  hasKey: false,
};

/** Keywords with a value that say nothing here: it must not be taken for a keyword. */
const WITH_VALUE = new Set(
  (
    'addr agent-addr agent-inter agent-port agent-send ca-file cc check-alpn check-pool-conn-name ' +
    'check-proto check-sni ciphers ciphersuites client-sigalgs cookie crl-file crt curves ' +
    'downinter ech error-limit fall fastinter guid hash-key id idle-ping init-addr init-state ' +
    'inter log-bufsize log-proto mark namespace npn observe on-error on-marked-down on-marked-up ' +
    'port proxy-v2-options quic-cc-algo redir resolve-net resolve-opts resolve-prefer resolvers ' +
    'rise shard sigalgs slowstart socks4 ssl-max-ver ssl-min-ver tcp-md5sig tcp-ut tos track ' +
    'verify verifyhost weight ws'
  ).split(' '),
);

const SEND_PROXY = /^send-proxy(?:-v2(?:-ssl(?:-cn)?)?)?$/;
const SOURCES = ['clientip', 'client'] as const;

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** Reads words in their order; problems are told in plain words. */
class ServerWords {
  readonly header: Mutable<ServerConfig>;
  check: boolean;
  checkReuses: boolean;
  waits: boolean;
  hasKey: boolean;
  readonly #words: readonly string[];
  readonly #problem: (what: string) => void;
  #at = 0;

  constructor(words: readonly string[], base: ServerSettings, problem: (what: string) => void) {
    this.#words = words;
    this.header = { ...base.header };
    this.check = base.check;
    this.checkReuses = base.checkReuses;
    this.waits = base.waits;
    this.hasKey = base.hasKey;
    this.#problem = problem;
  }

  read(): ServerSettings {
    while (this.#at < this.#words.length) this.#keyword(this.#next());
    const { header, check, checkReuses, waits, hasKey } = this;
    return { header, check, checkReuses, waits, hasKey };
  }

  #next(): string {
    return this.#words[this.#at++] ?? '';
  }

  #keyword(word: string): void {
    if (SEND_PROXY.test(word)) this.header['send-proxy'] = true;
    else if (word.startsWith('no-') && SEND_PROXY.test(word.slice(3))) {
      delete this.header['send-proxy'];
    } else if (!this.#protocol(word) && !this.#pool(word) && !this.#other(word)) {
      if (WITH_VALUE.has(word)) this.#next();
    }
  }

  #protocol(word: string): boolean {
    switch (word) {
      case 'proto':
        this.#proto(this.#next());
        return true;
      case 'alpn':
        this.header.alpn = this.#next() || null;
        return true;
      case 'no-alpn':
        this.header.alpn = null;
        return true;
      case 'ssl':
        this.header.ssl = true;
        return true;
      case 'no-ssl':
        delete this.header.ssl;
        return true;
      case 'sni':
        this.#sni(this.#next());
        return true;
      case 'no-sni':
        delete this.header.sni;
        return true;
      case 'source':
        this.#source();
        return true;
      default:
        return false;
    }
  }

  #proto(name: string): void {
    if (name === 'h1' || name === 'h2' || name === 'fcgi') this.header.proto = name;
    else this.#problem(`proto ${name} is not modelled`);
  }

  #sni(expression: string): void {
    const isConstant = /^str\([^)]*\)$/.test(expression);
    this.header.sni = isConstant ? 'constant' : true;
    this.hasKey ||= !isConstant;
  }

  #source(): void {
    this.#next();
    this.header.usesrc = 'address';
    while (this.#words[this.#at] === 'usesrc' || this.#words[this.#at] === 'interface') {
      const what = this.#next();
      const value = this.#next();
      if (what === 'usesrc') this.header.usesrc = usesrcOf(value);
    }
  }

  #pool(word: string): boolean {
    switch (word) {
      case 'pool-max-conn':
      case 'max-reuse':
        this.#number(word, -1);
        return true;
      case 'pool-low-conn':
        this.#number(word, 0);
        return true;
      case 'pool-purge-delay': {
        const time = milliseconds(this.#next());
        if (time === null) this.#problem('pool-purge-delay is no time');
        else this.header[word] = time;
        return true;
      }
      case 'pool-conn-name':
        this.hasKey ||= !/^str\(/.test(this.#next());
        return true;
      default:
        return false;
    }
  }

  #number(key: 'pool-max-conn' | 'max-reuse' | 'pool-low-conn', min: number): void {
    const value = integer(this.#next());
    if (value === null || value < min) this.#problem(`${key} is no number from ${min} on`);
    else this.header[key] = value;
  }

  #other(word: string): boolean {
    switch (word) {
      case 'check':
        this.check = true;
        return true;
      case 'check-reuse-pool':
        this.checkReuses = true;
        return true;
      case 'no-check-reuse-pool':
        this.checkReuses = false;
        return true;
      case 'no-check':
        this.check = false;
        return true;
      case 'maxconn':
        this.waits = (integer(this.#next()) ?? 1) > 0;
        return true;
      case 'minconn':
      case 'maxqueue':
        this.#next();
        return true;
      default:
        return false;
    }
  }
}

/** What `source … usesrc` names, in the words of the header. */
export function usesrcOf(value: string): NonNullable<ServerConfig['usesrc']> {
  if (/^hdr_ip\(/.test(value)) return 'hdr_ip';
  return SOURCES.find((name) => name === value) ?? 'address';
}

/** What the words of a server say, behind what `default-server` has said before. */
export function readServerWords(
  words: readonly string[],
  base: ServerSettings,
  problem: (what: string) => void,
): ServerSettings {
  return new ServerWords(words, base, problem).read();
}

/** Whether the address of a server leaves host or port to the request. */
export function isTransparent(address: string): boolean {
  if (/^(?:unix|abns|abnsz|sockpair|fd)@|^\//.test(address)) return false;
  const bare = address.replace(/^[a-z0-9+]+@/, '');
  const [, host = '', port = ''] = /^(.*?)(?::([+-]?\d*))?$/.exec(bare) ?? [];
  const isAny = host === '' || host === '*' || host === '0.0.0.0' || host === '::';
  return isAny || !/^\d+$/.test(port);
}
