import type { Config } from '../../format/index.ts';
import { CHECKS } from '../story/check.ts';
import type { Conn, Front, Names, Sess } from '../story/state/objects.ts';

/** What stands for a frontend, a backend and a server of which no line and no configuration tells. */
const UNKNOWN = 'unknown';
const UNKNOWN_SERVER = `${UNKNOWN}/srv`;

/**
 * Names in a trace: counters in the order in which things appear, so that nothing of a pointer or
 * an address gets there; and what no line says, guessed and counted.
 */
export class TraceNames implements Names {
  readonly #sessions = new WeakMap<Sess, string>();
  readonly #streams = new WeakMap<Front, string>();
  readonly #conns = new WeakMap<Conn, string>();
  #counts = { s: 0, t: 0, c: 0 };
  /** Connections that events have brought into the trace, and those that events have freed. */
  readonly #introduced = new WeakSet<Conn>();
  readonly #freed = new WeakSet<Conn>();
  #justIntroduced: Conn | null = null;
  readonly #config: Config;
  /** Frontends, backends and servers that events name. */
  readonly frontends = new Set<string>();
  readonly backends = new Set<string>();
  readonly servers = new Set<string>();
  /** Connections whose server, and sessions whose frontend, nothing says. */
  guessedTargets = 0;
  guessedFrontends = 0;
  /** A health check is in the trace. */
  hasChecks = false;
  /** The event that is made says something that nothing says. */
  hasGuessed = false;

  constructor(config: Config) {
    this.#config = config;
  }

  /** How many of each there are. */
  get counts(): { readonly s: number; readonly t: number; readonly c: number } {
    return this.#counts;
  }

  sess(sess: Sess): string {
    return this.#name(this.#sessions, sess.real, 's');
  }

  strm(front: Front): string {
    return this.#name(this.#streams, front, 't');
  }

  conn(conn: Conn): string {
    return this.#name(this.#conns, conn.real, 'c');
  }

  connect(conn: Conn, isReused: boolean): { readonly conn: string; readonly isReused: boolean } {
    const { real } = conn;
    const isThere = this.#introduced.has(real);
    // Its release was seen, and then it was used again: what was lost in between is another one.
    if (this.#freed.has(real) || (isThere && !isReused)) {
      this.#conns.delete(real);
      this.#freed.delete(real);
      this.#introduced.delete(real);
    }
    const isKnown = this.#introduced.has(real);
    if (isReused && !isKnown) this.hasGuessed = true;
    this.#introduced.add(real);
    this.#justIntroduced = isKnown ? null : real;
    return { conn: this.conn(conn), isReused: isReused && isKnown };
  }

  /** The event that is made is left out after all. */
  undo(): void {
    if (this.#justIntroduced !== null) this.#introduced.delete(this.#justIntroduced);
    this.#justIntroduced = null;
  }

  /** An event is made, or was written. */
  begin(): void {
    this.#justIntroduced = null;
    this.hasGuessed = false;
  }

  /** A connection is freed in the trace. */
  free(conn: Conn): void {
    this.#freed.add(conn.real);
  }

  #name<Key extends object>(
    names: WeakMap<Key, string>,
    key: Key,
    letter: 's' | 't' | 'c',
  ): string {
    let name = names.get(key);
    if (name === undefined) {
      name = `${letter}${++this.#counts[letter]}`;
      names.set(key, name);
    }
    return name;
  }

  target(conn: Conn): string {
    const { real } = conn;
    if (real.target === null) {
      real.target = this.#guessTarget(real);
      if (real.target === UNKNOWN_SERVER || !this.#isOnly(real)) {
        this.guessedTargets++;
        this.hasGuessed = true;
      }
    }
    return this.server(real.target);
  }

  server(name: string): string {
    this.servers.add(name);
    this.backends.add(name.slice(0, name.indexOf('/')));
    return name;
  }

  #candidates({ backend, notTarget }: Conn): string[] {
    const known = [...new Set([...Object.keys(this.#config.servers ?? {}), ...this.servers])];
    return known.filter(
      (name) => name !== notTarget && (backend === null || name.startsWith(`${backend}/`)),
    );
  }

  #guessTarget(conn: Conn): string {
    const { backend } = conn;
    const [first] = this.#candidates(conn);
    if (first !== undefined) return first;
    return backend === null ? UNKNOWN_SERVER : `${backend}/srv`;
  }

  #isOnly(conn: Conn): boolean {
    return this.#candidates(conn).length === 1;
  }

  frontend(sess: Sess): string {
    const { real } = sess;
    if (real.frontend === null) {
      const known = Object.keys(this.#config.frontends ?? {});
      real.frontend = known[0] ?? [...this.frontends][0] ?? UNKNOWN;
      if (known.length !== 1) {
        this.guessedFrontends++;
        this.hasGuessed = true;
      }
    }
    if (real.frontend === CHECKS) this.hasChecks = true;
    else this.frontends.add(real.frontend);
    return real.frontend;
  }
}
