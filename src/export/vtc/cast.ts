import type { Course } from '../course/realise.ts';
import { Actor } from './play.ts';
import { Names } from './words.ts';

const ACKNOWLEDGED = 'expect settings.ack == true';

/** The opening of an HTTP/2 connection, by the end that begins it or the one that answers. */
const SETTINGS = {
  client: ['txsettings', 'rxsettings', 'txsettings -ack', 'rxsettings', ACKNOWLEDGED],
  server: ['rxsettings', 'txsettings', 'txsettings -ack', 'rxsettings', ACKNOWLEDGED],
} as const;

/** What is done on stream 0 of an HTTP/2 connection. */
export function onStreamZero(...lines: readonly string[]): string[] {
  return ['stream 0 {', ...lines.map((line) => `  ${line}`), '} -run'];
}

/** One end of a connection in a script, and its streams where it has any. */
export class Peer {
  readonly main: Actor;
  readonly #streams = new Map<string, Actor>();

  constructor(
    readonly name: string,
    readonly protocol: 'h1' | 'h2',
  ) {
    this.main = new Actor(name);
  }

  /** Begins the connection, and all streams that it is going to have. */
  open(side: 'client' | 'server', streams: readonly string[]): void {
    if (this.protocol === 'h1') return;
    const lines = this.main.lines;
    lines.push(side === 'client' ? 'txpri' : 'rxpri', ...onStreamZero(...SETTINGS[side]));
    for (const [at, strm] of streams.entries()) {
      const actor = new Actor(`${this.name}.${at * 2 + 1}`);
      this.#streams.set(strm, actor);
      lines.push({ head: `stream ${at * 2 + 1}`, body: actor, tail: '-start' });
    }
  }

  /** Lines that wait for the end of all streams. */
  get waits(): string[] {
    return [...this.#streams.keys()].map((_, at) => `stream ${at * 2 + 1} -wait`);
  }

  /** Who speaks for a stream. */
  of(strm: string): Actor {
    return this.#streams.get(strm) ?? this.main;
  }
}

/** Where the connections to a server of the trace end: at one server of the script, or at several. */
export interface Harbour {
  /** The target of the trace. */
  readonly target: string;
  /** The servers of the script, with the numbers of the connections that each accepts in turn. */
  readonly servers: readonly { readonly name: string; readonly conns: readonly number[] }[];
  /** The name of the relay that stands before several of them; null for one. */
  readonly relay: string | null;
  /** The protocol that the relay agrees on, over TLS; null: it speaks no TLS. */
  readonly tls: 'h2' | 'http/1.1' | null;
  /** The relay takes off the line that says whose client a connection is for. */
  readonly isProxied: boolean;
}

const PROXY_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,40}$/;
const PATH_NAME = /^[A-Za-z0-9_.-]{1,60}$/;

/** What things of a trace are called in a script. */
export class ScriptNames {
  readonly frontends = new Names('fe', PROXY_NAME);
  readonly backends = new Names('be', PROXY_NAME);
  readonly servers = new Names('srv', PROXY_NAME);
  readonly #streams = new Names('', PATH_NAME);
  readonly #sockets = new Names('fe', /^[A-Za-z][A-Za-z0-9]*$/);

  /** The path of the request of a stream. */
  path(strm: string): string {
    return `/${this.#streams.of(strm)}`;
  }

  /** The name of the socket of a frontend, for clients that speak so. */
  socket(fe: string, protocol: 'h1' | 'h2'): string {
    const name = this.#sockets.of(fe);
    return protocol === 'h1' ? name : `${name}_h2`;
  }

  /** `backend/server` as the configuration of the script has it. */
  target(target: string): { readonly be: string; readonly srv: string } {
    const slash = target.indexOf('/');
    return {
      be: this.backends.of(target.slice(0, slash)),
      srv: this.servers.of(target.slice(slash + 1)),
    };
  }
}

/** The path of the request of each stream of a course. */
export function streamPaths({ acts }: Pick<Course, 'acts'>): Map<string, string> {
  const names = new ScriptNames();
  return new Map(
    acts.flatMap(({ event }) =>
      event.event === 'connect_server' ? [[event.strm, names.path(event.strm)] as const] : [],
    ),
  );
}

/** Whether one connection after the other reaches a server: each ends before the next begins. */
function takeTurns(course: Course, conns: readonly number[]): boolean {
  const [first] = conns;
  if (conns.length < 2 || first === undefined) return true;
  if (conns.some((conn) => course.conns[conn]?.mux === 'h2')) return false;
  let open: number | null = null;
  for (const { event, conn, isReused, freed } of course.acts) {
    const isNew = event.event === 'connect_server' && !isReused;
    if (isNew && conn !== null && conns.includes(conn)) {
      if (open !== null) return false;
      open = conn;
    }
    if (open !== null && freed.includes(open)) open = null;
  }
  return true;
}

/** Where the connections to each server of the trace end, in the order of the configuration. */
export function harboursOf(course: Course, names: ScriptNames): Harbour[] {
  let count = 0;
  const next = (): string => `s${++count}`;
  return Object.keys(course.config.servers ?? {}).map((target) => {
    const conns = [...course.conns.keys()].filter((conn) => course.conns[conn]?.target === target);
    const isTls = course.config.servers?.[target]?.ssl === true;
    const isProxied = course.config.servers?.[target]?.['send-proxy'] === true;
    if (!isTls && !isProxied && takeTurns(course, conns)) {
      return { target, servers: [{ name: next(), conns }], relay: null, tls: null, isProxied };
    }
    const agreed = conns.some((conn) => course.conns[conn]?.mux === 'h2') ? 'h2' : 'http/1.1';
    const { be, srv } = names.target(target);
    return {
      target,
      // One at least, or the relay would lead nowhere.
      servers:
        conns.length === 0
          ? [{ name: next(), conns }]
          : conns.map((conn) => ({ name: next(), conns: [conn] })),
      relay: `${be}_${srv}`.replaceAll('-', '_'),
      tls: isTls ? agreed : null,
      isProxied,
    };
  });
}
