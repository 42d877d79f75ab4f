import { describe, expect, it } from 'vitest';
import { allRules } from '../../src/engine/objects/rule.ts';
import type { Change, ConnView } from '../../src/engine/view/view.ts';
import { Replay } from '../../src/replay/index.ts';
import type { StepDecision, StepResult } from '../../src/replay/result.ts';
import { type CorpusTrace, RECORDED, sidesOf, WRITTEN } from './corpus.ts';

/** Events at which HAProxy has nothing to decide: a session comes into being, and that is all. */
const DECIDES_NOTHING = new Set(['session_new']);

/** What of a connection is its story: what it speaks, whose it is, in which lists, and for whom. */
const STORY = ['mux', 'owner', 'listed_in', 'list', 'flags'] as const;

const decides = new Map(allRules().map((rule) => [rule.id, rule.decides]));

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

function names({ operands }: StepDecision, { kind, id }: Change): boolean {
  return operands.some(
    (operand) => typeof operand === 'object' && operand?.kind === kind && operand.id === id,
  );
}

/** Parts of a connection's story that the step changed: its birth and death are `conn`. */
function chapters(before: ConnView | null, after: ConnView | null): string[] {
  if (!before || !after) return ['conn'];
  return STORY.filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]));
}

/** Changes of a connection for which no decision of the step about it gives a reason. */
function unexplained({ changes, decisions, outcome }: StepResult): string[] {
  // A function that crashes has changed what it did not come to decide.
  if (outcome.kind === 'crash') return [];
  return changes.flatMap((change) => {
    if (change.kind !== 'conn') return [];
    const parts = decisions
      .filter((decision) => names(decision, change))
      .flatMap(({ rule }) => decides.get(rule) ?? []);
    return chapters(change.before, change.after)
      .filter((part) => !parts.includes(part))
      .map((part) => `${change.id}.${part}`);
  });
}

const both = [...WRITTEN, ...RECORDED].flatMap((trace) =>
  Object.values(sidesOf(trace)).map((rules) => ({ trace, rules, name: trace.name })),
);

describe.each(both)('$name under $rules', ({ trace, rules }) => {
  const steps = explained(trace, rules);

  it('has a decision for every event that decides anything, and for no other', () => {
    const silent = steps.filter(
      ({ event, outcome, decisions }) =>
        // What is impossible, as everything is after a crash, was not tried at all.
        (decisions.length === 0) !==
        (outcome.kind === 'impossible' || DECIDES_NOTHING.has(event.event)),
    );
    expect(silent.map(({ number, event }) => `step ${number}: ${event.event}`)).toEqual([]);
  });

  it('gives a reason for each change of owner, list and privacy, for birth and death', () => {
    const gaps = steps.flatMap((step) =>
      unexplained(step).map((what) => `step ${step.number} (${step.event.event}): ${what}`),
    );
    expect(gaps).toEqual([]);
  });

  it('says so in whole sentences', () => {
    const says = new Set(steps.flatMap(({ decisions }) => decisions.map((d) => d.says)));
    for (const sentence of says) expect(sentence).not.toMatch(/[{}|]|undefined|\bnull\b| {2}/);
  });
});
