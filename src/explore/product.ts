import { type ComparedStep, Comparison } from '../compare/index.ts';
import type { RuleSet } from '../engine/rule-sets/index.ts';
import { type Config, TRACE_FORMAT, type TraceEvent } from '../format/index.ts';

/** Two rule sets that are told apart. */
export interface RulePair {
  readonly from: RuleSet;
  readonly to: RuleSet;
}

/**
 * Takes events under two rule sets, as `compare` does.
 *
 * @returns what came of each event, in order; nothing for those after the end of a program
 */
export function comparedSteps(
  rules: RulePair,
  config: Config,
  events: readonly TraceEvent[],
): ComparedStep[] {
  const steps: ComparedStep[] = [];
  const comparison = new Comparison('found', rules, {
    start: () => undefined,
    step: (step) => steps.push(step),
  });
  comparison.header({ trace: TRACE_FORMAT, config }, 1);
  events.forEach((event, at) => {
    comparison.event(event, at + 2);
  });
  return steps;
}
