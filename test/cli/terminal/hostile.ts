import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { TRACE_FORMAT, WORLD_FORMAT } from '../../../src/format/index.ts';
import { replay } from '../run.ts';

/** What no terminal should be sent, one of each kind, and sequences that some obey. */
const UNITS: readonly string[] = [
  ...['\u001b[5m', '\u001b]0;title\u0007', '\u009b31m', '\u0085', '\u007f', '\b', '\r', '\t'],
  ...['\u2028', '\u2029', '\u202e', '\u2066', '\u061c', '\u200b', '\u200d', '\ufeff', '\u00ad'],
  ...['\u034f', '\u3164', '\u{e0041}', '\u{e0100}', '\ud800'],
  ...['a', ' ', '=', ';', '"', "'", '\\', '漢', '😀', '<', '%'],
];

/** Text that does its best to reach a terminal as it is. Paths hold neither slash nor NUL. */
export const hostileText = fc
  .array(fc.constantFrom(...UNITS), { minLength: 1, maxLength: 6 })
  .map((units) => units.join(''));

/** Keys of a report whose texts are chosen from a list, which the schema checks. */
const CHOSEN = new Set([
  ...['report', 'version', 'kind', 'verdict', 'event', 'mux', 'ret', 'error', 'fail', 'set'],
  ...['clear', 'outcome'],
]);

/** A JSON value with a text in the place of each text that may be any. */
function poisoned(value: unknown, text: string, key = ''): unknown {
  if (typeof value === 'string') return CHOSEN.has(key) ? value : `${text}${value}`;
  if (Array.isArray(value)) return value.map((item) => poisoned(item, text, key));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]) => {
    // What an event or its outcome holds besides is free again.
    const isInside = key === 'event' && name !== 'event';
    return [name, poisoned(item, text, isInside ? `${name} of an event` : name)];
  });
  return Object.fromEntries(entries);
}

function lines(...values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** A trace that diverges in everything that can hold a text, and has it wherever that is allowed. */
export function hostileTrace(text: string): string {
  const [be, srv] = [`b${text}`, `b${text}/srv`];
  const header = {
    trace: TRACE_FORMAT,
    title: text,
    source: { [text]: text },
    config: { frontends: { [text]: {} }, backends: { [be]: {} }, servers: { [srv]: {} } },
  };
  const owner = { owner: text, flags: ['PRIVATE'] };
  return lines(
    header,
    { event: 'session_new', sess: text, fe: text, note: text },
    { event: 'connect_server', strm: text, sess: text, target: srv, conn: text },
    {
      event: 'http_wait_for_response',
      strm: text,
      status: 401,
      headers: { 'WWW-Authenticate': ['NTLM', text], [text]: [text] },
    },
    {
      event: 'detach',
      strm: text,
      expect: {
        calls: [`conn_free(${text})`],
        conn: { [text]: owner },
        sess: { [text]: { srv_list: [[srv, [text]]] } },
        srv: { [srv]: { idle: [text] } },
      },
    },
    { event: 'detach', strm: text },
  );
}

/** A trace with as many different mistakes as it has lines. */
function invalidTrace(text: string): string {
  const mistakes = [
    { event: text, [text]: text },
    { event: 'session_new', sess: text, fe: text },
    { event: 'detach', strm: text, expect: { ret: text, [text]: 1 } },
    { event: 'conn_update', conn: text, set: [text] },
    { event: 'detach', strm: text, expect: { crash: text } },
    { event: 'detach', strm: text, expect: { calls: [text, `conn_free(${text}, ${text})`] } },
  ];
  return `${lines({ trace: TRACE_FORMAT, rules: text })}${lines(...mistakes)}{"event": ${text}\n${text}`;
}

function world(text: string, more: object = {}): string {
  const srv = `b${text}/srv`;
  const config = {
    frontends: { [text]: {} },
    backends: { [`b${text}`]: { 'http-reuse': 'always' } },
    servers: { [srv]: { 'pool-max-conn': 0 } },
  };
  const bounds = { sessions: 1, streams: 2, connections: 2 };
  const events = { maintenance: true };
  return JSON.stringify({ world: WORLD_FORMAT, title: text, config, ...bounds, events, ...more });
}

/** The name of the trace that `writeHostile` leaves, which holds the text as well. */
export function traceName(text: string): string {
  return `t${text}.jsonl`;
}

/** Fills a folder with files of every kind that the program reads, all of them full of a text. */
export async function writeHostile(cwd: string, text: string): Promise<void> {
  mkdirSync(join(cwd, 'all'));
  const trace = hostileTrace(text);
  for (const path of [traceName(text), join('all', traceName(text)), 'update.jsonl']) {
    writeFileSync(join(cwd, path), trace);
  }
  writeFileSync(join(cwd, 'all', `invalid${text}.jsonl`), invalidTrace(text));
  writeFileSync(join(cwd, 'world.json'), world(text));
  writeFileSync(join(cwd, 'wrong.json'), world(text, { sometimes: [text], [text]: text }));
  const args = ['--explain', '--coverage', '--reporter', 'json', 'all', `gone${text}`];
  const { stdout } = await replay(args, { cwd });
  const report = poisoned(JSON.parse(stdout), text);
  writeFileSync(join(cwd, 'report.json'), JSON.stringify(report));
  writeFileSync(join(cwd, 'no-report.json'), JSON.stringify({ [text]: text }));
}
