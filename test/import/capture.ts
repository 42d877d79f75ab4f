import { Buffer } from 'node:buffer';
import { type Aligned, align } from '../../src/align/index.ts';
import { DEFAULT_RULE_SET, findRuleSet } from '../../src/engine/index.ts';
import type { TraceEvent } from '../../src/format/index.ts';
import { Importer, parseConfig } from '../../src/import/index.ts';
import { Replay } from '../../src/replay/index.ts';
import { formatTrace, readTrace } from '../../src/trace/index.ts';

/** Lines as HAProxy 2.6 prints them to its standard output, with the details that matter. */
export class Capture {
  readonly lines: string[] = [];

  constructor(readonly thread = 0) {}

  /** The text, with an end of line behind each. */
  get text(): string {
    return this.lines.map((line) => `${line}\n`).join('');
  }

  add(...lines: readonly string[]): this {
    this.lines.push(...lines);
    return this;
  }

  #record(source: string, text: string): this {
    const thread = String(this.thread).padStart(2, '0');
    return this.add(`[${thread}|${source}|5|mux_${source}.c:1035] ${text}`);
  }

  /** Lines of another thread. */
  on(thread: number): Capture {
    const other = new Capture(thread);
    Object.defineProperty(other, 'lines', { value: this.lines });
    return other;
  }

  h1(text: string): this {
    return this.#record('h1', text);
  }

  h2(text: string): this {
    return this.#record('h2', text);
  }

  fcgi(text: string): this {
    return this.#record('fcgi', text);
  }

  check(text: string): this {
    return this.#record('check', text);
  }

  /** A client connects. */
  client(mux: string): this {
    return this.h1('h1_init(): entering').h1(
      `h1_init(): leaving : [F] - h1c=0x${mux}(0x00000400) conn=0xf0(0x80000300)`,
    );
  }

  /** A request of a client, whose stream then runs. */
  request(mux: string, stream: string, line: string, isFirst = true): this {
    const flags = isFirst ? '0x00000010' : '0x00000090';
    const details = `h1c=0x${mux}(0x00000100) conn=0xf0(0x80000300) h1s=0x${stream}(${flags})`;
    return this.h1(
      `rcvd H1 request headers : [F] [MSG_DONE, MSG_RPBEFORE] - VAL=48 - "${line}" - ${details}`,
    ).runs(mux, stream, isFirst);
  }

  runs(mux: string, stream: string, isFirst = true): this {
    const flags = isFirst ? '0x00000010' : '0x00000090';
    const details = `h1c=0x${mux}(0x00000100) conn=0xf0(0x80000300) h1s=0x${stream}(${flags})`;
    return this.h1(`h1_rcv_buf(): entering : [F] [MSG_DONE, MSG_RPBEFORE] - ${details}`);
  }

  /** A new connection to a server. */
  connect(mux: string, stream: string, flags = '0x00400300'): this {
    return this.h1('h1_init(): entering').h1(
      `h1_init(): leaving : [B] [MSG_RQBEFORE, MSG_RPBEFORE] - h1c=0x${mux}(0x80002200) conn=0xb0(${flags}) h1s=0x${stream}(0x00000010)`,
    );
  }

  /** A stream is put on a connection that is there. */
  attach(mux: string, stream: string, flags = '0x00000300'): this {
    return this.h1(`h1_attach(): entering : [B] - h1c=0x${mux}(0x80040400) conn=0xb0(${flags})`).h1(
      `h1_attach(): leaving : [B] [MSG_RQBEFORE, MSG_RPBEFORE] - h1c=0x${mux}(0x80002200) conn=0xb0(${flags}) h1s=0x${stream}(0x00000090)`,
    );
  }

  response(mux: string, stream: string, head = 'HTTP/1.1 200 OK', flags = '0x00000300'): this {
    return this.h1(
      `rcvd H1 response headers : [B] [MSG_DONE, MSG_DATA] - VAL=37 - "${head}" - h1c=0x${mux}(0x80002200) conn=0xb0(${flags}) h1s=0x${stream}(0x00004010)`,
    );
  }

  /** The log line of a stream that has ended. */
  log(values: Readonly<Record<string, string>> = {}): this {
    const all: Record<string, string> = {
      th: String(this.thread),
      id: '7F000001:8B40_7F000001:5280_6B0B1AFB_0029:3D64',
      ci: '127.0.0.1:35648',
      fe: 'fe',
      be: 'b',
      sv: 'srv',
      bi: '127.0.0.1:51734',
      si: '127.0.0.1:80',
      st: '200',
      ts: '--',
      rc: '0',
      auth: '-',
      rq: '"GET /a HTTP/1.1"',
      ...values,
    };
    return this.add(
      `replay1 ${Object.entries(all)
        .map(([key, value]) => `${key}=${value}`)
        .join(' ')}`,
    );
  }

  /** A stream leaves its connection, which waits for another request. */
  leave(mux: string, stream: string, flags = '0x00000300'): this {
    const details = `h1c=0x${mux}(0x80002200) conn=0xb0(${flags}) h1s=0x${stream}(0x00004010)`;
    return this.h1(`h1_detach(): entering : [B] [MSG_DONE, MSG_DONE] - ${details}`).h1(
      `set idle mode on h1c, waiting for the next request : [B] [MSG_DONE, MSG_DONE] - ${details}`,
    );
  }

  /** The client's side of a stream ends. */
  done(mux: string, stream: string): this {
    return this.h1(
      `h1_detach(): entering : [F] [MSG_DONE, MSG_DONE] - h1c=0x${mux}(0x00002200) conn=0xf0(0x80000300) h1s=0x${stream}(0x00004010)`,
    ).h1('h1_detach(): leaving');
  }

  /** A mux is released: of a client, or of a server by itself. */
  release(mux: string, side: 'F' | 'B'): this {
    return this.h1('h1_release(): in')
      .h1(`h1_shutw_conn(): entering : [${side}] - h1c=0x${mux}(0x0) conn=0xb0(0x000c0300)`)
      .h1('h1_release(): freeing conn');
  }

  /** A whole request: its connection is new, or that of a mux which is there. */
  exchange(
    client: string,
    server: string,
    { isNew = false, isFirst = false, log = {}, head = 'HTTP/1.1 200 OK' } = {},
  ): this {
    this.request(client, `${client}1`, 'GET /a HTTP/1.1', isFirst);
    if (isNew) this.connect(server, `${server}1`);
    else this.attach(server, `${server}1`);
    return this.response(server, `${server}1`, head)
      .log(log)
      .leave(server, `${server}1`)
      .done(client, `${client}1`);
  }
}

/** What came of a capture. */
export interface Result {
  readonly importer: Importer;
  readonly trace: string;
  readonly events: readonly TraceEvent[];
}

/** Imports a text, all of it at once or in pieces; the trace must be valid. */
export function imported(
  text: string | Uint8Array,
  given: {
    readonly config?: string;
    readonly pid?: string;
    readonly keepAddresses?: boolean;
    readonly piece?: number;
  } = {},
): Result {
  const { config, pid = null, keepAddresses = false, piece = Number.POSITIVE_INFINITY } = given;
  const parsed = config === undefined ? null : parseConfig([{ path: 'h.cfg', text: config }]);
  let lines = '';
  const importer = new Importer({ config: parsed, pid, keepAddresses }, (line) => {
    lines += line;
  });
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  for (let at = 0; at < bytes.length; at += piece) {
    importer.write(bytes.subarray(at, Math.min(bytes.length, at + piece)));
  }
  importer.end();
  const trace = importer.header('3aab17bd5', 'a test') + lines;
  const { events, problems } = readTrace('t', trace);
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]));
  return { importer, trace, events: events.map(({ event }) => event) };
}

/** Events in short: name, ids and what else is asked for. */
export function told(events: readonly TraceEvent[]): string[] {
  return events.map((event) => {
    const named = event as Readonly<Record<string, unknown>>;
    const ids = ['strm', 'sess', 'target', 'srv', 'conn']
      .map((key) => named[key])
      .filter((id) => typeof id === 'string');
    const isReused = event.expect !== undefined && 'reused' in event.expect && event.expect.reused;
    return [event.event, ...ids, ...(isReused === true ? ['reused'] : [])].join(' ');
  });
}

/** A frontend, a backend and its only server. */
export const ONE_SERVER = `
defaults
  mode http
frontend fe
  default_backend b
backend b
  server srv 127.0.0.1:80
`;

/** A client sends two requests over one connection. */
export const TWO_REQUESTS = new Capture()
  .client('a')
  .exchange('a', 'b', { isNew: true, isFirst: true })
  .exchange('a', 'b')
  .release('a', 'F');

/** What they are told as. */
export const TOLD_TWO = [
  'session_new s1',
  'connect_server t1 s1 b/srv c1',
  'conn_update c1',
  'http_wait_for_response t1',
  'detach t1',
  'connect_server t2 s1 b/srv c1 reused',
  'http_wait_for_response t2',
  'detach t2',
  'session_free s1',
];

/** How often the rules disagree with a trace. */
export function divergences(trace: string): number {
  const { header, events } = readTrace('t', trace);
  const replay = new Replay('t', { record: 'nothing' }, { start() {}, step() {} });
  if (header === null) throw new Error('no header');
  replay.header(header, 1);
  for (const { event, line } of events) replay.event(event, line);
  return replay.end().divergences;
}

/** Numbers from 0 on below a limit, the same for the same seed. */
export function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % limit;
  };
}

/** A trace that is made to fit its rules, and what that took. */
export function aligned(trace: string): { readonly result: Aligned; readonly text: string } {
  const { header, events, problems } = readTrace('t', trace);
  if (header === null || problems.length > 0) throw new Error(JSON.stringify(problems));
  const rules = findRuleSet(header.rules ?? '') ?? DEFAULT_RULE_SET;
  const steps = align(
    header,
    rules,
    events.map(({ event }) => event),
  );
  for (;;) {
    const { done, value } = steps.next();
    if (done) return { result: value, text: formatTrace(header, value.events) };
  }
}
