import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/format/index.ts';
import { type Minimized, signatureText } from '../../src/minimize/index.ts';
import { formatTrace, readTrace } from '../../src/trace/index.ts';
import { anyCommands } from '../engine/random.ts';
import { anySetting } from '../engine/random-setting.ts';
import { CORPUS, RECORDINGS, tracesBelow } from '../engine/traces.ts';
import { sized } from '../size.ts';
import {
  differenceOf,
  divergencesOf,
  minimized,
  read,
  saysImpossible,
  shownBy,
  small,
} from './support.ts';
import { walked } from './walked.ts';

const textOf = (folder: URL, name: string): string => readFileSync(new URL(name, folder), 'utf8');

/** Proves that a result shows what it says, is valid, agrees, and loses it without any event. */
function prove({ text, signature, to }: Minimized): void {
  const { header, events } = read(text);
  const shown = signatureText(signature);
  expect(divergencesOf(text)).toEqual([]);
  expect(events).toHaveLength(to);
  const isShown = (some: readonly TraceEvent[]): boolean => {
    const all = shownBy({ header, events: some });
    // Of promises, the first that is broken is what a trace is about.
    return signature.kind === 'broken' ? [...all][0] === shown : all.has(shown);
  };
  expect(isShown(events)).toBe(true);
  for (const at of events.keys()) {
    const without = `${shown} without event ${at + 1} of\n${text}`;
    expect(isShown(events.toSpliced(at, 1)), without).toBe(false);
  }
}

/** The same of a trace that differs from what it expects: its last event is what differs. */
function proveDifference({ text, signature, to }: Minimized): void {
  const { header, events } = read(text);
  const shown = differenceOf({ header, events });
  const told = signature.kind === 'impossible' ? signature.kind : signatureText(signature);
  expect(events).toHaveLength(to);
  expect(shown?.startsWith(told), `${told}: ${shown}`).toBe(true);
  for (const at of events.slice(0, -1).keys()) {
    const without = { header, events: events.toSpliced(at, 1) };
    // Smaller by an input that cannot be is not small.
    if (!saysImpossible({ header, events }) && saysImpossible(without)) continue;
    expect(differenceOf(without), `without event ${at + 1} of\n${text}`).not.toBe(shown);
  }
}

function proveAny(result: Minimized): void {
  const { kind } = result.signature;
  if (kind === 'divergence' || kind === 'impossible') proveDifference(result);
  else prove(result);
  // Once more changes nothing.
  expect(small(result.text).text).toBe(result.text);
}

const crashes = (folder: URL): string[] =>
  tracesBelow(folder).filter((name) => textOf(folder, name).includes('"crash":'));

it.each(crashes(CORPUS))('is 1-minimal: the crash in %s', (name) => {
  const result = small(textOf(CORPUS, name));
  expect(result.signature.kind).toBe('crash');
  proveAny(result);
});

it.skipIf(crashes(RECORDINGS).length === 0)('is 1-minimal: every crash that was recorded', () => {
  for (const name of crashes(RECORDINGS)) proveAny(small(textOf(RECORDINGS, name)));
});

it.each(tracesBelow(new URL('bugs/', CORPUS)))('is 1-minimal: the broken promise in %s', (name) => {
  const text = textOf(CORPUS, `bugs/${name}`);
  const result = minimized(text);
  if (result === null) expect(text).not.toMatch(/"crash":|"broken":\["/);
  else proveAny(result);
});

/** Traces of both rule sets, and some of the many of releases. */
const written = tracesBelow(CORPUS).filter(
  (name, at) => !/^(?:recorded|releases|found)\//.test(name) || at % sized(8, 1) === 0,
);

it('is 1-minimal: whatever differs under the other rule set', () => {
  const kinds = new Set<string>();
  for (const name of written.filter((each) => !each.startsWith('recorded/'))) {
    const text = textOf(CORPUS, name);
    const rules = read(text).header.rules === '21ddc74e8' ? '08016ab82' : '21ddc74e8';
    const result = minimized(text, null, rules);
    if (result === null) continue;
    kinds.add(result.signature.kind);
    proveAny(result);
  }
  expect(kinds).toContain('divergence');
});

describe('any trace', () => {
  it('becomes a valid one that shows the same, 1-minimal, once and for all', () => {
    const kinds: string[] = [];
    fc.assert(
      fc.property(anySetting, anyCommands, (setting, commands) => {
        const result = minimized(formatTrace(...walked(setting, commands)));
        if (result === null) return;
        kinds.push(result.signature.kind);
        proveAny(result);
      }),
      { seed: 20200715, numRuns: sized(50), endOnFailure: true },
    );
    expect(kinds.length).toBeGreaterThan(20);
    expect(kinds).toContain('crash');
    expect(kinds).toContain('broken');
  });

  it('becomes small where a recording was tampered with, too', () => {
    const short = tracesBelow(new URL('recorded/', CORPUS))
      .map((name) => read(textOf(CORPUS, `recorded/${name}`)))
      .filter(({ events }) => events.length < 80);
    const fields = new Set<string>();
    const anyPlace = fc.nat({ max: 1000 });
    const anyChange = fc.tuple(fc.nat({ max: 1000 }), anyPlace, anyPlace, fc.boolean());
    fc.assert(
      fc.property(fc.noBias(anyChange), ([which, from, to, isGone]) => {
        const { header, events } = short[which % short.length] ?? expect.fail();
        const at = from % events.length;
        const without = events.toSpliced(at, 1);
        const moved = without.toSpliced(to % events.length, 0, ...events.slice(at, at + 1));
        const text = formatTrace(header, isGone ? without : moved);
        if (readTrace('trace', text).problems.length > 0) return;
        const result = minimized(text);
        if (result === null) return;
        if (result.signature.kind === 'divergence') fields.add(result.signature.field);
        proveAny(result);
      }),
      { seed: 20200715, numRuns: sized(350), endOnFailure: true },
    );
    expect(fields.size).toBeGreaterThan(8);
  });
});
