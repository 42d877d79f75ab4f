import type { RuleSet } from '../engine/index.ts';
import { type Act, bare, Stage } from '../export/index.ts';
import type { Config, TraceEvent } from '../format/index.ts';
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
  /** The first thing in which its own trace disagrees with the rules; null: nothing. */
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

function firstDivergence(trace: string, rules: string): string | null {
  let first: string | null = null;
  const replay = new Replay(
    '',
    { record: 'nothing', rules },
    {
      start() {},
      step({ number, event, divergences: [divergence] }) {
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
  const { header, events } = readTrace('', trace);
  const lines = capture.split('\n');
  const paths = new Map<string, string>();
  const stage = new Stage(header?.config ?? ({} as Config), rules);
  const acts: Act[] = [];
  for (const { event, line } of events) {
    if (event.event === 'connect_server') {
      paths.set(event.strm, pathIn(lines, event) ?? `of ${event.strm}, which nothing names`);
    }
    const { outcome, act } = stage.take(bare(event));
    if (outcome.kind === 'impossible') continue;
    acts.push({ event, line, ...act });
  }
  return {
    trace,
    events: events.map(({ event }) => event),
    happenings: happeningsOf(acts, (strm) => paths.get(strm) ?? strm),
    divergence: firstDivergence(trace, rules.id),
  };
}
