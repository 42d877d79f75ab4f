import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/format/index.ts';
import { type CorpusTrace, WRITTEN } from './corpus.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const MUXES = ['h1', 'h2', 'fcgi', 'pt'] as const;
const NO_INPUTS = ['event', 'strm', 'conn', 'note', 'expect'];

/** The traces, by what happened and by mux: `wire/reset.h2.jsonl`. */
const TRACES = WRITTEN.filter(({ name }) => name.startsWith('wire/'));

/** The rows of the table, without their ends. */
const ROWS = tableRows('| what happened on the wire | h1 | h2 | fcgi | pt |');

function tableRows(head: string): string[][] {
  const lines = README.split('\n');
  const from = lines.indexOf(head);
  if (from === -1) throw new Error(`README has no table ${head}`);
  const to = lines.findIndex((line, at) => at > from && !line.startsWith('|'));
  return lines.slice(from + 2, to).map((line) => line.slice(2, -2).split(' | '));
}

function inputText(key: string, value: unknown): string {
  if (value === true) return key;
  return `${key}=${Array.isArray(value) ? value.join(',') : String(value)}`;
}

/** An event as the table has it: its name and its inputs, without the ids. */
function told(event: TraceEvent): string {
  const inputs = Object.entries(event).filter(([key]) => !NO_INPUTS.includes(key));
  return `\`${[event.event, ...inputs.map(([key, value]) => inputText(key, value))].join(' ')}\``;
}

/** What happened, as the events that tell of it say themselves. */
function happened({ events }: CorpusTrace): string {
  return events.find(({ note }) => note !== undefined)?.note ?? '';
}

describe.each(ROWS)('what happened on the wire: %s', (what, ...cells) => {
  it.each(MUXES.map((mux, at) => [mux, cells[at] ?? ''] as const))('over %s', (mux, cell) => {
    const found = TRACES.filter((trace) => {
      return trace.name.endsWith(`.${mux}.jsonl`) && happened(trace) === what;
    });
    if (cell === '–') {
      expect(found).toEqual([]);
      return;
    }
    const [trace, ...others] = found;
    expect(others).toEqual([]);
    const events = trace?.events.filter(({ note }) => note === what) ?? [];
    expect(events.map(told).join(', ')).toBe(cell);
  });

  it('is told of one mux at least', () => {
    expect(cells).toHaveLength(MUXES.length);
    expect(cells.some((cell) => cell !== '–')).toBe(true);
  });
});

it('has every trace in a row of the table', () => {
  const rows = ROWS.map(([what]) => what);
  for (const trace of TRACES) {
    expect(rows).toContain(happened(trace));
    expect(trace.header.title).toContain(happened(trace));
  }
  const cells = ROWS.flatMap(([, ...cells]) => cells.filter((cell) => cell !== '–'));
  expect(TRACES).toHaveLength(cells.length);
  expect(rows.length).toBeGreaterThanOrEqual(12);
});
