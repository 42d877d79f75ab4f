import type { RuleSet } from '../engine/index.ts';
import type { Act } from '../export/index.ts';
import type { Expect, TraceEvent } from '../format/index.ts';
import { type HaproxyConfig, Importer } from '../import/index.ts';
import { Replay } from '../replay/index.ts';
import { readTrace } from '../trace/index.ts';
import { type Happening, happeningsOf } from './happenings.ts';

/** What a program has printed, as a trace. */
export interface Observed {
  /** The trace, as `replay import` writes it. */
  readonly trace: string;
  readonly events: readonly TraceEvent[];
  readonly happenings: readonly Happening[];
  /** The first flags of a connection that are not as the rules have them; null: none. */
  readonly divergence: string | null;
}

const REQUEST = /\b[A-Z]+ (?:https?:\/\/[^/ "]*)?(\/[^ "]*) HTTP\//;

function pathIn(lines: readonly string[], event: TraceEvent): string | null {
  for (const key of ['request', 'log']) {
    const line = event.source?.[key];
    if (typeof line !== 'number') continue;
    const path = REQUEST.exec(lines[line - 1] ?? '')?.[1];
    if (path !== undefined) return path;
  }
  return null;
}

/** Flags of connections that lines have said, and no inference of the import. */
const SEEN = /^conn\..*\.flags$/;

function firstDivergence(trace: string, rules: string): string | null {
  let first: string | null = null;
  const replay = new Replay(
    '',
    { record: 'nothing', rules },
    {
      start() {},
      step({ number, event, divergences }) {
        const divergence = divergences.find(({ field }) => SEEN.test(field));
        if (divergence === undefined) return;
        const { field, expected, actual } = divergence;
        const said = `${JSON.stringify(expected)}, and the rules say ${JSON.stringify(actual)}`;
        first ??= `step ${number} of what it printed, ${event.event}: ${field} is ${said}`;
      },
    },
  );
  const { header, events } = readTrace('', trace);
  if (header === null) return null;
  replay.header(header, 1);
  for (const { event, line } of events) replay.event(event, line);
  replay.end();
  return first;
}

/** Connections that a line says were closed, by its expectation or by what it is. */
function closedIn(event: TraceEvent): string[] {
  const { conn = {} } = (event.expect ?? {}) as Expect;
  const closed = Object.keys(conn).filter((id) => conn[id] === null);
  if (event.event === 'mux_release' && !closed.includes(event.conn)) closed.push(event.conn);
  return closed;
}

/** What was seen, event by event, without any word of the rules. */
function actsOf(events: readonly { readonly event: TraceEvent; readonly line: number }[]): Act[] {
  const numbers = new Map<string, number>();
  return events.map(({ event, line }) => {
    let conn: number | null = null;
    let isReused = false;
    if (event.event === 'connect_server' && event.conn !== undefined) {
      isReused = numbers.has(event.conn);
      conn = numbers.get(event.conn) ?? numbers.size;
      numbers.set(event.conn, conn);
    }
    const freed = closedIn(event).flatMap((id) => numbers.get(id) ?? []);
    return { event, line, conn, isReused, hasPreferred: false, freed, end: null };
  });
}

/**
 * Reads what a program has printed: imports it, and takes it through the rules.
 *
 * @param capture the text, as `replay capture-recipe` says how to get it
 */
export function observe(capture: string, config: HaproxyConfig | null, rules: RuleSet): Observed {
  let text = '';
  const importer = new Importer({ config, pid: null, keepAddresses: false }, (line) => {
    text += line;
  });
  importer.write(new TextEncoder().encode(capture));
  importer.end();
  const trace = importer.header(rules.id, 'what the program did') + text;
  const { events } = readTrace('', trace);
  const lines = capture.split('\n');
  const paths = new Map<string, string>();
  for (const { event } of events) {
    if (event.event !== 'connect_server') continue;
    paths.set(event.strm, pathIn(lines, event) ?? `of ${event.strm}, which nothing names`);
  }
  const acts = actsOf(events);
  return {
    trace,
    events: events.map(({ event }) => event),
    happenings: happeningsOf(acts, (strm) => paths.get(strm) ?? strm),
    divergence: firstDivergence(trace, rules.id),
  };
}
