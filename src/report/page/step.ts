import type { Change } from '../../engine/view/view.ts';
import type { Divergence, Finding, StepDecision, StepResult } from '../../replay/result.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { eventIds, eventInputs, headerItems } from '../parts/event.ts';
import { passedOver } from '../parts/passed-over.ts';
import { outcomeItems } from '../parts/step.ts';
import { type Item, inline } from '../text/layout.ts';
import { PLAIN } from '../text/palette.ts';
import { idText } from '../text/value.ts';
import { toldChange } from './changes.ts';
import { toldDifferenceOf } from './differences.ts';
import type { ToldDecision, ToldDifference, ToldFinding, ToldOutcome, ToldStep } from './told.ts';

/** Gives rules their numbers. */
export type RuleNumber = (rule: Pick<StepDecision, 'rule' | 'fn' | 'file' | 'evidence'>) => number;

/** What is told of an event whatever comes of it. */
export type ToldEvent = Pick<ToldStep, 'line' | 'ids' | 'inputs' | 'note' | 'headers'>;

function plain(items: readonly Item[]): string {
  return inline(items, 1).painted;
}

/** What a trace says of a step. */
export function toldEvent({ line, event }: Pick<StepResult, 'line' | 'event'>): ToldEvent {
  const headers = headerItems(event).map((item) => plain([item]));
  return {
    line,
    ids: plain(eventIds(event, PLAIN)),
    inputs: eventInputs(event).map((item) => plain([item])),
    ...(event.note === undefined ? {} : { note: escapeControl(event.note) }),
    ...(headers.length === 0 ? {} : { headers }),
  };
}

/** What came of a step, and what it changed. */
export function toldOutcome(
  event: StepResult['event'],
  outcome: Omit<StepResult['outcome'], 'broken'>,
  changes: readonly Change[],
): ToldOutcome {
  const step = { event, outcome: { ...outcome, broken: [] }, changes, divergences: [] };
  const why = outcome.impossible ?? outcome.condition ?? null;
  return {
    came: inline([outcomeItems(step, PLAIN)]).painted,
    ...(outcome.calls.length === 0 ? {} : { calls: outcome.calls.map(escapeControl) }),
    ...(changes.length === 0 ? {} : { changes: changes.map(toldChange) }),
    ...(why === null ? {} : { why: escapeControl(why) }),
  };
}

function toldDivergence(divergence: Divergence, numberOf: RuleNumber): ToldDifference {
  const { decidedBy, candidates, follows } = divergence;
  const over = passedOver(candidates).map(
    ({ rule, ids }) => `${ids.map(idText).join(', ')}: ${rule}`,
  );
  return {
    ...toldDifferenceOf(divergence, 'expected'),
    ...(decidedBy === null ? {} : { by: [numberOf(decidedBy), escapeControl(decidedBy.says)] }),
    ...(over.length === 0 ? {} : { over }),
    ...(follows === null ? {} : { follows }),
  };
}

function toldFinding({ invariant, severity, says, source, stated }: Finding): ToldFinding {
  return {
    name: invariant,
    severity,
    says: escapeControl(says),
    source,
    ...(stated ? { stated } : {}),
  };
}

/** The earlier steps that touched what diverges, oldest first. */
function trailOf(divergences: readonly Divergence[]): number[] {
  const numbers = divergences.flatMap(({ trail }) => trail.map(({ number }) => number));
  return [...new Set(numbers)].sort((one, other) => one - other);
}

/** All that a page tells of a step of a replay. */
export function toldStep(step: StepResult, numberOf: RuleNumber): ToldStep {
  const { event, outcome, changes, divergences, findings, decisions } = step;
  const trail = trailOf(divergences);
  return {
    ...toldEvent(step),
    outcomes: [toldOutcome(event, outcome, changes)],
    ...(divergences.length === 0
      ? {}
      : { divergences: divergences.map((each) => toldDivergence(each, numberOf)) }),
    ...(findings.length === 0 ? {} : { findings: findings.map(toldFinding) }),
    ...(decisions.length === 0
      ? {}
      : {
          decisions: decisions.map(
            (each): ToldDecision => [numberOf(each), escapeControl(each.says)],
          ),
        }),
    ...(trail.length === 0 ? {} : { trail }),
  };
}
