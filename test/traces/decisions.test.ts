import { describe, expect, it } from 'vitest';
import { World } from '../../src/engine/objects/world.ts';
import { findRuleSet } from '../../src/engine/rule-sets/index.ts';
import { step } from '../../src/engine/step/step.ts';
import { TELLERS } from '../../src/engine/view/observe.ts';
import type { Change } from '../../src/engine/view/view.ts';
import { ChangeRecorder } from '../../src/replay/changes.ts';
import type { Difference } from '../../src/replay/compare.ts';
import { Replay } from '../../src/replay/index.ts';
import { reasonOf } from '../../src/replay/reason/decided-by.ts';
import type { StepResult, Value } from '../../src/replay/result.ts';
import { type CorpusTrace, RECORDED, sidesOf, WRITTEN } from './corpus.ts';

/** The fields that a trace can state. */
const STATED = {
  conn: stated(TELLERS.conn),
  sess: stated(TELLERS.sess),
  srv: stated(TELLERS.srv),
} as const;

function stated(tellers: readonly { readonly name: string; readonly stated: boolean }[]) {
  return new Set(tellers.filter((teller) => teller.stated).map(({ name }) => name));
}

/** Every step of a trace, explained, under one rule set. */
function explained({ name, header, events }: CorpusTrace, rules: string): StepResult[] {
  const steps: StepResult[] = [];
  const observer = { start() {}, step: (step: StepResult) => void steps.push(step) };
  const replay = new Replay(name, { rules, record: 'changes', explain: true }, observer);
  replay.header(header, 1);
  for (const [at, event] of events.entries()) replay.event(event, at + 2);
  replay.end();
  return steps;
}

/** What a step changed, field by field, as if the trace had expected that nothing would change. */
function changed({ kind, id, before, after }: Change): Difference[] {
  const subject = { kind, id };
  const place = `${kind}.${id}`;
  if (!before || !after) {
    return [{ subject, field: place, expected: asValue(before), actual: asValue(after) }];
  }
  const values = (view: object) => new Map<string, Value>(Object.entries(view));
  const now = values(after);
  return [...values(before)].flatMap(([name, expected]): Difference[] => {
    const actual = now.get(name) ?? null;
    if (!STATED[kind].has(name) || JSON.stringify(expected) === JSON.stringify(actual)) return [];
    return [{ subject, field: `${place}.${name}`, expected, actual }];
  });
}

function asValue(view: object | null): Value {
  return view as Value;
}

/** Changes of a trace for which no decision of their step is the reason. */
function unexplained(trace: CorpusTrace, rules: string): string[] {
  const set = findRuleSet(rules);
  if (!set) throw new Error(`no rule set ${rules}`);
  const world = new World(trace.header.config ?? {}, set);
  const recorder = new ChangeRecorder(world);
  return trace.events.flatMap((event, at) => {
    const outcome = step(world, event);
    const changes = recorder.take();
    // A function that crashes has changed what it did not come to decide.
    if (outcome.kind === 'crash') return [];
    return changes
      .flatMap(changed)
      .filter((difference) => reasonOf(world, event, difference) === null)
      .map(({ field }) => `step ${at + 1} (${event.event}): ${field}`);
  });
}

const both = [...WRITTEN, ...RECORDED].flatMap((trace) =>
  Object.values(sidesOf(trace)).map((rules) => ({ trace, rules, name: trace.name })),
);

describe.each(both)('$name under $rules', ({ trace, rules }) => {
  const steps = explained(trace, rules);

  it('has a decision for every event', () => {
    const silent = steps.filter(
      // What is impossible, as everything is after a crash, was not tried at all.
      ({ outcome, decisions }) => (decisions.length === 0) !== (outcome.kind === 'impossible'),
    );
    expect(silent.map(({ number, event }) => `step ${number}: ${event.event}`)).toEqual([]);
  });

  it('gives a reason for each change of a field', () => {
    expect(unexplained(trace, rules)).toEqual([]);
  });

  it('says so in whole sentences', () => {
    const says = new Set(steps.flatMap(({ decisions }) => decisions.map((d) => d.says)));
    for (const sentence of says) expect(sentence).not.toMatch(/[{}|]|undefined|\bnull\b| {2}/);
  });
});
