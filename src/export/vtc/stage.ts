import type { EventOf } from '../../format/index.ts';
import { closesConn } from '../course/peers.ts';
import type { Course } from '../course/realise.ts';
import type { Act, CourseConn } from '../course/stage.ts';
import { excessAnswer, h1Answer, h2Answer } from './answers.ts';
import { onStreamZero, Peer, type ScriptNames } from './cast.ts';
import {
  type Administered,
  NOTICE_LINES,
  READING_LINES,
  serverLines,
  settleLines,
} from './commands.ts';
import { mayOvertake } from './overtaking.ts';
import { Actor, Play } from './play.ts';
import { routeHeaders } from './routing.ts';
import type { StreamScene } from './scene.ts';

import { word } from './words.ts';

/** The highest number of a stream: what a graceful GOAWAY names. */
const LAST_STREAM = 2 ** 31 - 1;

type Detach = EventOf<'detach'>;
type Response = EventOf<'http_wait_for_response'>;

/** HAProxy answers a ping when it has read all that came before it. */
const PING = ['txping', 'rxping', 'expect ping.ack == true'] as const;

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
  /** The model has ended. */
  #mayBeDead = false;
  /** Connections whose server has sent a body. */
  readonly #hasSentData = new Set<number>();
  readonly #gone = new Set<string>();
  /** How many lines the top level had when HAProxy had last seen everything. */
  #settledAt = -1;
  /** The detach of each stream: how its answer has to end. */
  readonly #detaches: ReadonlyMap<string, Detach>;

  constructor(
    readonly course: Course,
    readonly names: ScriptNames,
    /** The names of the servers of the script, by connection. */
    serverNames: ReadonlyMap<number, string>,
    /** Another process stands before servers. */
    readonly hasRelay: boolean,
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
        this.#administer(event.srv, 'maint', 'ready');
        break;
      case 'srv_admin':
        this.#administer(event.srv, event.maint ? 'maint' : 'ready');
        break;
      case 'del_server':
        this.#administer(event.srv, 'maint', 'del');
        break;
      case 'conn_io':
        this.#ping(event.conn);
        break;
      default:
        break;
    }
    this.#watchClosing(act);
    if (act.end !== null) {
      this.#mayBeDead = true;
      this.#settle();
    } else if (event.event === 'detach') {
      const sess = this.#streams.get(event.strm)?.sess ?? '';
      if (mayOvertake(this.course, sess, next)) this.#settle();
    }
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

  #connect({ strm, sess, target, params }: EventOf<'connect_server'>, { conn }: Act): void {
    const client = this.clients.get(sess);
    if (client === undefined || conn === null) return;
    const path = this.names.path(strm);
    const isLater = this.course.sessions.get(sess)?.streams[0] !== strm;
    const scene: StreamScene = { sess, conn, path, isLater, sent: 'nothing', hadHead: false };
    this.#streams.set(strm, scene);
    const sni = typeof params === 'string' ? null : (params?.sni ?? null);
    const routed = { strm, target, sni };
    const headers = routeHeaders(this.course, this.names, routed, client.protocol);
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
    const answer = server.protocol === 'h2' ? h2Answer : h1Answer;
    const isExcess = isWhole && detach?.excess_data === true;
    const lines = isExcess ? excessAnswer(status, pairs) : answer(status, pairs, isWhole);
    this.play.act(server.of(strm), ...lines);
    scene.sent = isWhole ? 'all' : 'head';
    const receives = isWhole ? 'rxresp' : client.protocol === 'h2' ? 'rxhdrs' : 'rxresphdrs';
    this.play.receive(client.of(strm), receives, `expect resp.status == ${status}`);
  }

  #finish({ strm, excess_data }: Detach): void {
    const scene = this.#streams.get(strm);
    if (scene === undefined) return;
    if (scene.sent === 'broken') this.#break(strm, scene);
    if (scene.sent === 'nothing') this.#answer(strm, { status: 200 }, true);
    if (scene.sent !== 'head') return;
    scene.sent = 'all';
    const server = this.servers[scene.conn];
    const client = this.clients.get(scene.sess);
    if (server === undefined || client === undefined) return;
    this.#hasSentData.add(scene.conn);
    const rest = excess_data === true ? 'send "xx"' : 'send "x"';
    this.play.act(server.of(strm), server.protocol === 'h2' ? 'txdata -data "x"' : rest);
    this.play.receive(client.of(strm), client.protocol === 'h2' ? 'rxdata' : 'rxrespbody');
  }

  /** A client gets no answer, or one that ends before its end. */
  #break(strm: string, { sess, isLater, hadHead }: StreamScene): void {
    const client = this.clients.get(sess);
    if (client === undefined) return;
    const actor = client.of(strm);
    // It is told by a reset, or by an end that comes too soon.
    if (client.protocol === 'h2' && hadHead) return;
    if (client.protocol === 'h2') {
      this.play.receive(actor, 'rxrst');
      return;
    }
    if (!isLater && !hadHead) this.play.receive(actor, 'rxresp', 'expect resp.status == 502');
    else this.play.receive(actor, 'expect_close');
  }

  #leave(sess: string, { freed, end }: Act): void {
    const client = this.clients.get(sess);
    if (client === undefined) return;
    this.play.act(client.main, ...client.waits);
    this.play.receive(this.top, `client ${client.name} -wait`);
    this.#gone.add(sess);
    // A server that sees its connection end says as much.
    if (end !== null || freed.some((conn) => this.course.conns[conn]?.mux === 'h1')) return;
    this.#settle();
  }

  /** Waits until HAProxy has seen all that has come to it. */
  #settle(): void {
    const clients = this.clients.size - this.#gone.size;
    this.ask(this.#mayBeDead ? NOTICE_LINES : settleLines(clients, this.hasRelay));
  }

  /** Commands, which HAProxy answers when it has seen what came before. */
  ask(lines: readonly string[]): void {
    this.play.act(this.top, ...lines);
    this.#settledAt = this.top.lines.length;
  }

  /** Last of all: HAProxy has done everything, and lives. */
  end(): void {
    if (this.#settledAt !== this.top.lines.length) this.#settle();
  }

  #close(id: string): void {
    const number = this.#conn(id);
    const server = this.servers[number];
    if (server === undefined || this.#done.has(number)) return;
    this.#closed.add(number);
    this.#done.add(number);
    this.#hangUp(number);
    this.#settle();
  }

  /** A server closes its connection: by what it does last, unless it accepts another one. */
  #hangUp(number: number): void {
    const server = this.servers[number];
    if (server === undefined) return;
    this.play.act(server.main, ...server.waits);
    const isLast = !this.servers.some(({ name }, at) => at > number && name === server.name);
    if (isLast) this.play.act(this.top, `server ${server.name} -wait`);
    else server.main.lines.push('close');
  }

  #update(event: EventOf<'conn_update'>): void {
    const { conn, goaway, streams_limit, requeue } = event;
    const number = this.#conn(conn);
    const server = this.servers[number];
    if (server === undefined) return;
    if (goaway === true) this.#tell(number, `txgoaway -laststream ${LAST_STREAM}`);
    if (streams_limit !== undefined) {
      this.play.act(
        server.main,
        ...onStreamZero(`txsettings -maxstreams ${streams_limit}`, 'rxsettings'),
      );
    }
    if (requeue === true) this.#ping(conn);
    if (closesConn(event)) this.#closeUnder(number);
  }

  /** A server closes its connection while streams use it, or none does. */
  #closeUnder(number: number): void {
    const scenes = [...this.#streams.values()].filter(
      ({ conn, sent }) => conn === number && sent !== 'all' && sent !== 'broken',
    );
    if (scenes.length === 0) {
      this.#close(this.course.conns[number]?.id ?? '');
      return;
    }
    this.#closed.add(number);
    this.#done.add(number);
    this.#hangUp(number);
    for (const scene of scenes) {
      scene.hadHead = scene.sent === 'head';
      scene.sent = 'broken';
    }
  }

  /** Frames of a server, and a ping, which HAProxy answers when it has read them. */
  #tell(number: number, ...frames: readonly string[]): void {
    const server = this.servers[number];
    if (server === undefined) return;
    if (!this.#hasSentData.has(number)) {
      this.play.act(server.main, ...onStreamZero(...frames, ...PING));
      return;
    }
    // Updates of windows may come before the answer, or after it.
    this.play.act(server.main, ...onStreamZero(...frames, 'txping'), ...READING_LINES);
  }

  /** Something comes over a connection of HTTP/2 that nobody uses. */
  #ping(conn: string): void {
    this.#tell(this.#conn(conn));
  }

  #administer(target: string, ...does: readonly Administered[]): void {
    const { be, srv } = this.names.target(target);
    this.play.act(this.top, ...serverLines(`${be}/${srv}`, does));
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
