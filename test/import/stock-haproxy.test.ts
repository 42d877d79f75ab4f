import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { replay, runProgram } from '../cli/run.ts';
import { aligned, divergences, imported, numbers } from './capture.ts';
import { type Client, h1Client, h2Client, type Served, startHaproxy, startOrigins } from './lab.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Whether a stock HAProxy of a release whose traces have flags is installed. */
const VERSION = await runProgram('haproxy', ['-v']).then(
  ({ stdout }) => /version (\d+\.\d+)/.exec(stdout)?.[1] ?? null,
  () => null,
);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function recipe(part: string): Promise<string[]> {
  const args = ['capture-recipe', '--haproxy', VERSION ?? '', '--only', part];
  return (await replay(args)).stdout.trimEnd().split('\n');
}

/** A configuration as the recipe says, with three backends. */
async function configOf(
  ports: { readonly h1: number; readonly h2: number; readonly fcgi: number },
  fronts: { readonly h1: number; readonly h2: number },
  { nbthread, folder }: { readonly nbthread: number; readonly folder: string },
): Promise<string> {
  const lines = await recipe('config');
  const rules = lines.filter((line) => line.includes('http-response')).join('\n');
  const defaults = lines.filter((line) => /unique-id|log-format|log global/.test(line)).join('\n');
  return `
global
    nbthread ${nbthread}
    stats socket ${folder}/admin.sock level admin
    log stdout format raw local0
defaults
    mode http
    timeout client 20s
    timeout server 20s
    timeout connect 2s
${defaults}
frontend fe
    bind 127.0.0.1:${fronts.h1}
    bind 127.0.0.1:${fronts.h2} proto h2
    use_backend f if { path_beg /f }
    use_backend g if { path_beg /g }
    default_backend b
backend b
    http-reuse safe
${rules}
    server s1 127.0.0.1:${ports.h1}
backend g
    http-reuse always
    server s2 127.0.0.1:${ports.h2} proto h2
backend f
    http-reuse aggressive
    use-fcgi-app app
    server s3 127.0.0.1:${ports.fcgi} proto fcgi
fcgi-app app
    docroot /tmp
`;
}

/** Sends requests of several clients at once, round by round. */
async function load(clients: readonly Client[], seed: number): Promise<number> {
  const below = numbers(seed);
  const paths = ['/ok', '/ok', '/auth', '/close', '/f.php', '/g', '/ok?d=9'];
  let sent = 0;
  for (let round = 0; round < 10; round++) {
    await Promise.all(
      clients.map((client) => {
        const path = paths[below(paths.length)] ?? '/ok';
        return client.get(`${path}${path.includes('?') ? '&' : '?'}rid=r${++sent}`);
      }),
    );
  }
  for (const client of clients) client.close();
  return sent;
}

async function captured(seed: number, nbthread: number) {
  const folder = mkdtempSync(join(tmpdir(), 'replay-lab-'));
  const origins = await startOrigins();
  try {
    const fronts = { h1: await freePort(), h2: await freePort() };
    const config = await configOf(origins.ports, fronts, { nbthread, folder });
    writeFileSync(join(folder, 'haproxy.cfg'), config);
    const haproxy = await startHaproxy(folder, 'haproxy.cfg');
    const refused: string[] = [];
    for (const line of await recipe('start')) {
      const answer = await haproxy.command(line);
      if (answer !== '') refused.push(`${line}: ${answer}`);
    }
    const clients = [h1Client(fronts.h1), h1Client(fronts.h1), h2Client(fronts.h2)];
    const sent = await load(clients, seed);
    await pause(300);
    const text = await haproxy.end();
    return { text, config, sent, refused, served: origins.served };
  } finally {
    origins.close();
    rmSync(folder, { recursive: true });
  }
}

/** The connections of requests in a trace, by the numbers that their servers counted. */
function connectionsTold(text: string, events: ReturnType<typeof imported>['events']) {
  const lines = text.split('\n');
  const told = new Map<string, { readonly target: string; readonly conn: string | undefined }>();
  for (const event of events) {
    if (event.event !== 'connect_server') continue;
    const line = event.source?.log ?? event.source?.request;
    const rid = typeof line === 'number' ? /rid=(r\d+)/.exec(lines[line - 1] ?? '')?.[1] : null;
    if (rid != null) told.set(rid, { target: event.target, conn: event.conn });
  }
  return told;
}

function expectSame(told: ReturnType<typeof connectionsTold>, served: Served): void {
  const names = new Map<string, string>();
  const wrong: string[] = [];
  for (const [rid, { server, connection }] of served) {
    const as = told.get(rid);
    const key = `${server} ${connection}`;
    const name = names.get(key) ?? as?.conn ?? 'none';
    names.set(key, name);
    if (as?.target !== server || as.conn !== name) wrong.push(`${rid}: ${key} is ${as?.conn}`);
  }
  expect(wrong).toEqual([]);
  expect(new Set(names.values()).size).toBe(names.size);
}

const DRAWN = Math.floor(Math.random() * 1_000_000);

describe.skipIf(VERSION === null)(`a stock HAProxy ${VERSION}`, () => {
  it.each([
    [1, 1],
    [7, 2],
    [DRAWN, 1],
    [DRAWN + 1, 2],
  ])('is told as its clients and servers saw it, seed %i, threads %i', async (seed, nbthread) => {
    const { text, config, sent, refused, served } = await captured(seed, nbthread);
    expect(refused).toEqual([]);
    expect(served.size).toBe(sent);
    const { events, trace, importer } = imported(text, { config });
    expect(importer.story.gaps).toEqual([]);
    expectSame(connectionsTold(text, events), served);
    if (nbthread === 1) expect(divergences(trace)).toBe(0);
    // Events of several threads overlap, and their order is partly a guess: another one fits then.
    const { result, text: fitting } = aligned(trace);
    expect(result).toMatchObject({ added: 0, relaxed: 0, dropped: [], left: [] });
    expect(divergences(fitting)).toBe(0);
  });
});
