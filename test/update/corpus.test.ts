import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../src/format/index.ts';
import { formatTrace, readTrace } from '../../src/trace/index.ts';
import {
  AFTER,
  BEFORE,
  type CorpusTrace,
  divergences,
  RECORDED,
  WRITTEN,
} from '../traces/corpus.ts';
import { linesOf, update } from './support.ts';

const CORPUS = [...WRITTEN, ...RECORDED];

function stripped({ header, events }: CorpusTrace): string {
  const silent = events.map(({ expect: _, ...event }) => event as TraceEvent);
  return formatTrace(header, silent);
}

/** The corpus without its expectations, and what updates make of that. */
const REMADE = CORPUS.map((trace) => {
  const silent = stripped(trace);
  return { trace, silent, full: update(silent, 'full'), missing: update(silent, 'missing') };
});

/** What diverges in a trace, under the rules that its header names. */
function judged(name: string, bytes: Buffer): string[] {
  const { header, events, problems } = readTrace(name, bytes);
  if (header === null || problems.length > 0) return [`invalid: ${problems[0]?.what}`];
  const all = events.map(({ event }) => event);
  return divergences({ name, side: null, text: '', header, events: all, problems: [] });
}

/** The traces for which something does not hold, by name. */
function breaking(holds: (trace: CorpusTrace) => boolean): string[] {
  return CORPUS.filter((trace) => !holds(trace)).map(({ name }) => name);
}

describe('every trace of the corpus', () => {
  test('agrees, so an update changes nothing', () => {
    const changed = breaking(({ text }) => {
      const { bytes, lines, refusal } = update(text, 'changed');
      return lines.length === 0 && refusal === null && bytes.toString('utf8') === text;
    });
    expect(changed).toEqual([]);
  });

  test('without expectations gets new ones, with which it agrees', () => {
    const disagreeing = REMADE.flatMap(({ trace, full }) => judged(trace.name, full.bytes));
    expect(disagreeing).toEqual([]);
  });

  test('without expectations gets the same from full and from missing, in the written form', () => {
    const different = REMADE.filter(({ trace, silent, full, missing }) => {
      const text = full.bytes.toString('utf8');
      const { header, events } = readTrace(trace.name, full.bytes);
      const all = events.map(({ event }) => event);
      return !(
        header !== null &&
        full.lines.length === trace.events.length &&
        text === missing.bytes.toString('utf8') &&
        text === formatTrace(header, all) &&
        stripped({ ...trace, header, events: all }) === silent
      );
    });
    expect(different.map(({ trace }) => trace.name)).toEqual([]);
  });

  test('that crashes or aborts is refused when it does not say so, and no other is', () => {
    const crashing = CORPUS.filter(({ events }) => {
      const { crash, abort } = events.at(-1)?.expect ?? {};
      return crash !== undefined || abort !== undefined;
    });
    const refused = REMADE.filter(({ full, missing }) => full.refusal ?? missing.refusal);
    expect(refused.map(({ trace }) => trace.name)).toEqual(crashing.map(({ name }) => name));
    expect(crashing.length).toBeGreaterThan(0);
  });

  test('keeps all that it states when everything else is stated as well', () => {
    for (const { name, text, events } of CORPUS) {
      const { bytes } = update(text, 'full');
      expect(judged(name, bytes)).toEqual([]);
      const full = readTrace(name, bytes).events.map(({ event }) => event);
      expect(full, name).toMatchObject(events);
    }
  });

  test('told by the other rule set, is repaired by an update, or refused', () => {
    const kept = breaking((trace) => {
      const rules = trace.header.rules === AFTER ? BEFORE : AFTER;
      const text = trace.text.replace(`"rules":"${trace.header.rules}"`, `"rules":"${rules}"`);
      const { bytes, lines, problems, refusal } = update(text, 'changed');
      const before = linesOf(Buffer.from(text));
      const changed = linesOf(bytes).flatMap((line, at) => (line === before[at] ? [] : [at + 1]));
      const agrees = judged(trace.name, bytes).length === 0;
      return (
        problems.length === 0 &&
        changed.join() === lines.join() &&
        // Of what is not refused, everything can be updated.
        (agrees || refusal !== null)
      );
    });
    expect(kept).toEqual([]);
  });
});
