import type { EventOf } from '../../format/index.ts';
import type { Course } from '../course/realise.ts';
import type { Act, CourseConn } from '../course/stage.ts';
import { onStreamZero, Peer, type ScriptNames } from './cast.ts';
import { Actor, Play } from './play.ts';
import { word } from './words.ts';

/** Seconds after which HAProxy has seen for itself that a peer is gone. */
const NOTICE = '.05';

/** The highest number of a stream: what a graceful GOAWAY names. */
const LAST_STREAM = 2 ** 31 - 1;

type Detach = EventOf<'detach'>;
type Response = EventOf<'http_wait_for_response'>;

/** What is known of a stream while the script is written. */
interface StreamScene {
  readonly sess: string;
  readonly conn: number;
  readonly path: string;
  /** How much of its answer has been sent. */
  sent: 'nothing' | 'head' | 'all';
}

/** Writes what every client and server does, act by act. */
export class StageManager {
  readonly top = new Actor('top');
  readonly play = new Play();
  readonly servers: readonly Peer[];
  readonly clients = new Map<string, Peer>();
  readonly #streams = new Map<string, StreamScene>();
  readonly #closed = new Set<number>();
  /** Those whose server has nothing more to do. */
  readonly #done = new Set<number>();
  /** Servers whose runtime state is to be set back once their connections are gone. */
  readonly #inMaintenance = new Set<string>();
  /** The detach of each stream: how its answer has to end. */
  readonly #detaches: ReadonlyMap<string, Detach>;

  constructor(
    readonly course: Course,
    readonly names: ScriptNames,
    /** The names of the servers of the script, by connection. */
    serverNames: ReadonlyMap<number, string>,
  ) {
    this.servers = course.conns.map(
      ({ mux }, number) => new Peer(serverNames.get(number) ?? '', mux),
    );
    for (const [number, server] of this.servers.entries()) {
      const streams = course.acts.flatMap(({ event, conn }) =>
        event.event === 'connect_server' && conn === number ? [event.strm] : [],
      );
      server.open('server', streams);
    }
    this.#detaches = new Map(
      course.acts.flatMap(({ event }) =>
        event.event === 'detach' ? [[event.strm, event] as const] : [],
      ),
    );
  }

  /** Servers that stay until the end of the script. */
  get open(): Peer[] {
    return this.servers.filter((_, number) => !this.#done.has(number));
  }

  /** What an act of the course takes. */
  act(act: Act, next: Act | undefined): void {
    const { event } = act;
    switch (event.event) {
      case 'session_new':
        this.#begin(event.sess);
        break;
      case 'connect_server':
        this.#connect(event, act);
        break;
      case 'http_wait_for_response': {
        this.#answer(event.strm, event, isDetachOf(event.strm, next));
        break;
      }
      case 'detach':
        this.#finish(event);
        break;
      case 'session_free':
        this.#leave(event.sess, act);
        break;
      case 'mux_release':
        this.#close(event.conn);
        break;
      case 'conn_update':
        this.#update(event);
        break;
      case 'srv_cleanup_connections':
        this.#maintain(event.srv);
        break;
      default:
        break;
    }
    this.#watchClosing(act);
  }

  #conn(id: string): number {
    return this.course.conns.findLastIndex((conn: CourseConn) => conn.id === id);
  }

  #begin(sess: string): void {
    const session = this.course.sessions.get(sess);
    if (session === undefined) return;
    const client = new Peer(`c${this.clients.size + 1}`, session.protocol);
    this.clients.set(sess, client);
    const socket = this.names.socket(session.fe, session.protocol);
    this.play.act(this.top, {
      head: `client ${client.name} -connect \${h1_${socket}_sock}`,
      body: client.main,
      tail: '-start',
    });
    client.open('client', session.streams);
    this.play.receive(client.main);
  }

  #connect({ strm, sess, target }: EventOf<'connect_server'>, { conn }: Act): void {
    const client = this.clients.get(sess);
    if (client === undefined || conn === null) return;
    const scene: StreamScene = { sess, conn, path: this.names.path(strm), sent: 'nothing' };
    this.#streams.set(strm, scene);
    const headers = this.#routing(strm, target);
    // In HTTP/2 nothing may stand before the method and the scheme, which are added at the end.
    const whole = client.protocol === 'h2' && headers !== '';
    const request = whole
      ? `-method GET -url ${word(scene.path)} -scheme http`
      : `-url ${word(scene.path)}`;
    this.play.act(client.of(strm), `txreq ${request}${headers}`);
    const server = this.servers[conn];
    if (server === undefined) return;
    this.play.receive(server.of(strm), 'rxreq', `expect req.url == ${word(scene.path)}`);
  }

  /** Headers by which HAProxy chooses the backend and the server that the trace names. */
  #routing(strm: string, target: string): string {
    const { be, srv } = this.names.target(target);
    const { config, acts } = this.course;
    const [first] = Object.keys(config.backends ?? {});
    const isChosen = acts.some(
      ({ event, hasPreferred }) => hasPreferred && 'strm' in event && event.strm === strm,
    );
    const siblings = Object.keys(config.servers ?? {}).filter((id) =>
      id.startsWith(target.slice(0, target.indexOf('/') + 1)),
    );
    const needsServer = !isChosen && (siblings.length > 1 || this.#mayPrefer());
    const protocol = this.course.sessions.get(this.#streams.get(strm)?.sess ?? '')?.protocol;
    const header = (name: string, value: string): string =>
      protocol === 'h2' ? ` -hdr "${name}" "${value}"` : ` -hdr "${name}: ${value}"`;
    return [
      ...(first !== undefined && be !== this.names.backends.of(first)
        ? [header('x-backend', be)]
        : []),
      ...(needsServer ? [header('x-server', srv)] : []),
    ].join('');
  }

  /** Whether a session may come to prefer the server that it was last with. */
  #mayPrefer(): boolean {
    const { config, acts } = this.course;
    const isAsked = Object.values(config.backends ?? {}).some(
      (backend) => backend['option prefer-last-server'] === true,
    );
    return (
      isAsked ||
      acts.some(
        ({ event }) =>
          event.event === 'http_wait_for_response' &&
          (event.status === 401 || event.status === 407),
      )
    );
  }

  #answer(strm: string, response: Pick<Response, 'status' | 'headers'>, isWhole: boolean): void {
    const scene = this.#streams.get(strm);
    if (scene === undefined) return;
    const { status, headers = {} } = response;
    const server = this.servers[scene.conn];
    const client = this.clients.get(scene.sess);
    if (server === undefined || client === undefined) return;
    const detach = this.#detaches.get(strm);
    const closes = detach?.idle === false || detach?.shutdown === true;
    const pairs = Object.entries(headers).flatMap(([name, values]) =>
      values.map((value) => [name, value] as const),
    );
    if (closes && server.protocol === 'h1') pairs.push(['Connection', 'close']);
    const [head, body] =
      server.protocol === 'h2'
        ? h2Answer(status, pairs, isWhole)
        : h1Answer(status, pairs, isWhole);
    const excess = isWhole && detach?.excess_data === true;
    if (excess) {
      this.play.act(server.of(strm), ...excessAnswer(status, pairs));
    } else this.play.act(server.of(strm), head, ...(body === null ? [] : [body]));
    scene.sent = isWhole ? 'all' : 'head';
    const receives = isWhole ? 'rxresp' : client.protocol === 'h2' ? 'rxhdrs' : 'rxresphdrs';
    this.play.receive(client.of(strm), receives, `expect resp.status == ${status}`);
  }

  #finish({ strm, excess_data }: Detach): void {
    const scene = this.#streams.get(strm);
    if (scene === undefined) return;
    if (scene.sent === 'nothing') this.#answer(strm, { status: 200 }, true);
    if (scene.sent !== 'head') return;
    scene.sent = 'all';
    const server = this.servers[scene.conn];
    const client = this.clients.get(scene.sess);
    if (server === undefined || client === undefined) return;
    const rest = excess_data === true ? 'send "xx"' : 'send "x"';
    this.play.act(server.of(strm), server.protocol === 'h2' ? 'txdata -data "x"' : rest);
    this.play.receive(client.of(strm), client.protocol === 'h2' ? 'rxdata' : 'rxrespbody');
  }

  #leave(sess: string, { freed }: Act): void {
    const client = this.clients.get(sess);
    if (client === undefined) return;
    this.play.act(client.main, ...client.waits);
    this.play.receive(this.top, `client ${client.name} -wait`);
    if (!freed.some((conn) => this.course.conns[conn]?.mux === 'h1')) {
      this.top.lines.push(
        '# HAProxy has to see by itself that the client is gone.',
        `delay ${NOTICE}`,
      );
    }
  }

  #close(id: string): void {
    const number = this.#conn(id);
    const server = this.servers[number];
    if (server === undefined) return;
    this.#closed.add(number);
    this.#done.add(number);
    // A server closes when it has nothing more to do, or waits for another connection.
    this.play.act(server.main, ...server.waits);
    this.play.act(
      this.top,
      '# HAProxy has to see by itself that the server has closed.',
      `delay ${NOTICE}`,
    );
  }

  #update({ conn, goaway, streams_limit, requeue }: EventOf<'conn_update'>): void {
    const number = this.#conn(conn);
    const server = this.servers[number];
    if (server === undefined) return;
    if (goaway === true) {
      this.play.act(
        server.main,
        '# No more streams, and those that there are may go on.',
        ...onStreamZero(`txgoaway -laststream ${LAST_STREAM}`),
        '# HAProxy has to read it before anything else happens.',
        `delay ${NOTICE}`,
      );
    }
    if (streams_limit !== undefined) {
      this.play.act(
        server.main,
        ...onStreamZero(`txsettings -maxstreams ${streams_limit}`, 'rxsettings'),
      );
    }
    if (requeue === true) {
      this.play.act(server.main, ...onStreamZero('txping', 'rxping'));
    }
  }

  #maintain(target: string): void {
    const { be, srv } = this.names.target(target);
    this.#inMaintenance.add(target);
    this.play.act(
      this.top,
      'haproxy h1 -cli {',
      `  send "set server ${be}/${srv} state maint"`,
      '  expect ~ .*',
      `  send "set server ${be}/${srv} state ready"`,
      '  expect ~ .*',
      '}',
    );
  }

  /** Servers see the connections end that HAProxy closes. */
  #watchClosing({ event, freed, end }: Act): void {
    for (const number of freed) {
      const server = this.servers[number];
      if (server === undefined || this.#closed.has(number)) continue;
      this.#closed.add(number);
      if (end !== null || event.event === 'mux_release') continue;
      if (server.protocol === 'h2') continue;
      this.#done.add(number);
      this.play.receive(server.main, 'expect_close');
    }
  }
}

/** Whether a stream leaves with its answer; what was added at the end comes after the trace. */
function isDetachOf(strm: string, next: Act | undefined): boolean {
  return next?.event.event === 'detach' && next.event.strm === strm && next.line !== null;
}

type Pairs = readonly (readonly [name: string, value: string])[];

function h1Answer(status: number, pairs: Pairs, isWhole: boolean): [string, null] {
  const headers = pairs.map(([name, value]) => ` -hdr ${word(`${name}: ${value}`)}`).join('');
  const code = status === 200 ? '' : ` -status ${status}`;
  return [
    isWhole ? `txresp${code}${headers}` : `txresp${code} -nolen -hdr "Content-Length: 1"${headers}`,
    null,
  ];
}

function h2Answer(status: number, pairs: Pairs, isWhole: boolean): [string, null] {
  const headers = pairs
    .map(([name, value]) => ` -hdr ${word(name.toLowerCase())} ${word(value)}`)
    .join('');
  const code = status === 200 ? '' : ` -status ${status}`;
  return [`txresp${isWhole ? '' : ' -nostrend'}${code}${headers}`, null];
}

/** An answer with bytes behind its end, all of which come at once. */
function excessAnswer(status: number, pairs: Pairs): string[] {
  const lines = [
    `HTTP/1.1 ${status} OK`,
    'Content-Length: 0',
    ...pairs.map((pair) => pair.join(': ')),
  ];
  return [`send "${lines.map((line) => `${line}\\r\\n`).join('')}\\r\\nxx"`];
}
