import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startProgram } from '../cli/run.ts';

/** Which connection served a request, as its server counted: by number, in the order of accepting. */
export type Served = Map<string, { readonly server: string; readonly connection: number }>;

/** Servers that count, and the ports they listen at. */
export interface Origins {
  readonly served: Served;
  readonly ports: { readonly h1: number; readonly h2: number; readonly fcgi: number };
  close(): void;
}

async function listen(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** What a path is answered with. */
function answerOf(url: URL): { readonly status: number; readonly headers: Record<string, string> } {
  if (url.pathname === '/auth') return { status: 401, headers: { 'WWW-Authenticate': 'NTLM' } };
  return { status: 200, headers: {} };
}

/** Starts an HTTP/1, an HTTP/2 and a FastCGI server. */
export async function startOrigins(): Promise<Origins> {
  const served: Served = new Map();
  const count = (server: string) => {
    let connections = 0;
    const numbers = new WeakMap<object, number>();
    return (socket: object, url: URL): void => {
      const known = numbers.get(socket);
      const connection = known ?? ++connections;
      numbers.set(socket, connection);
      served.set(url.searchParams.get('rid') ?? '', { server, connection });
    };
  };
  const h1Count = count('b/s1');
  const h1 = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const url = new URL(request.url ?? '', 'http://lab');
    h1Count(request.socket, url);
    const { status, headers } = answerOf(url);
    const close = url.pathname === '/close' ? { connection: 'close' } : {};
    setTimeout(
      () => {
        response.writeHead(status, { ...headers, ...close });
        response.end('ok');
      },
      Number(url.searchParams.get('d') ?? 0),
    );
  });
  const h2Count = count('g/s2');
  const h2 = http2.createServer((request, response) => {
    const url = new URL(request.url, 'http://lab');
    h2Count(request.stream.session ?? request, url);
    response.writeHead(200);
    response.end('ok');
  });
  const fcgi = fcgiServer(count('f/s3'));
  return {
    served,
    ports: {
      h1: await listen(h1),
      h2: await listen(h2 as unknown as net.Server),
      fcgi: await listen(fcgi),
    },
    close() {
      for (const server of [h1, h2, fcgi]) server.close();
      h1.closeAllConnections();
    },
  };
}

const BEGIN_REQUEST = 1;
const END_REQUEST = 3;
const PARAMS = 4;
const STDIN = 5;
const STDOUT = 6;

function fcgiRecord(type: number, id: number, content: Buffer): Buffer {
  const head = Buffer.from([1, type, id >> 8, id & 255, 0, 0, 0, 0]);
  head.writeUInt16BE(content.length, 4);
  return Buffer.concat([head, content]);
}

/** As much of FastCGI as answers one request after the other. */
function fcgiServer(counted: (socket: object, url: URL) => void): net.Server {
  return net.createServer((socket) => {
    let bytes = Buffer.alloc(0);
    let keeps = false;
    socket.on('error', () => {});
    socket.on('data', (data) => {
      bytes = Buffer.concat([bytes, data]);
      while (bytes.length >= 8) {
        const length = bytes.readUInt16BE(4);
        const end = 8 + length + (bytes[6] ?? 0);
        if (bytes.length < end) return;
        const [type, id] = [bytes[1] ?? 0, bytes.readUInt16BE(2)];
        const content = bytes.subarray(8, 8 + length);
        bytes = bytes.subarray(end);
        if (type === BEGIN_REQUEST) keeps = ((content[2] ?? 0) & 1) === 1;
        if (type === PARAMS) {
          const rid = /rid=(r\d+)/.exec(content.toString('latin1'))?.[1];
          if (rid !== undefined) counted(socket, new URL(`http://lab/?rid=${rid}`));
        }
        if (type !== STDIN || length > 0) continue;
        const body = Buffer.from('Status: 200 OK\r\nContent-Length: 2\r\n\r\nok');
        socket.write(
          Buffer.concat([
            fcgiRecord(STDOUT, id, body),
            fcgiRecord(STDOUT, id, Buffer.alloc(0)),
            fcgiRecord(END_REQUEST, id, Buffer.alloc(8)),
          ]),
        );
        if (!keeps) socket.end();
      }
    });
  });
}

/** A running HAProxy whose standard output is collected. */
export interface Haproxy {
  /** Sends a command to the admin socket; resolves to its answer. */
  command(line: string): Promise<string>;
  /** Ends it; resolves to all it printed to standard output. */
  end(): Promise<string>;
}

/** Starts HAProxy with a configuration file whose admin socket stands beside it. */
export async function startHaproxy(folder: string, config: string): Promise<Haproxy> {
  const child = startProgram('haproxy', ['-db', '-f', config], { cwd: folder });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.resume();
  const ended = once(child, 'close');
  const socket = join(folder, 'admin.sock');
  const command = async (line: string): Promise<string> => {
    const client = net.connect(socket);
    let text = '';
    client.on('data', (data) => {
      text += data.toString();
    });
    client.write(`${line}\n`);
    await once(client, 'close');
    return text.trim();
  };
  for (let tries = 0; ; tries++) {
    try {
      await command('show info');
      break;
    } catch (error) {
      if (tries > 100) throw error;
      await pause(100);
    }
  }
  return {
    command,
    async end() {
      child.kill('SIGTERM');
      await ended;
      return Buffer.concat(chunks).toString('latin1');
    },
  };
}

/** A client that keeps its connection, over HTTP/1 or HTTP/2. */
export interface Client {
  get(path: string): Promise<void>;
  close(): void;
}

/** A client of HTTP/1. */
export function h1Client(port: number): Client {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  return {
    async get(path) {
      const request = http.get({ host: '127.0.0.1', port, path, agent });
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      response.resume();
      await once(response, 'end');
    },
    close: () => agent.destroy(),
  };
}

/** A client of HTTP/2. */
export function h2Client(port: number): Client {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  return {
    async get(path) {
      const stream = session.request({ ':path': path });
      stream.resume();
      stream.end();
      await once(stream, 'end');
    },
    close: () => session.destroy(),
  };
}
