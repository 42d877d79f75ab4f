import type { StepResult } from '../replay/result.ts';
import type { StepPart } from './reporter.ts';

/** Which steps are shown with their line: every one, those with a first cause, or none. */
export type StepsShown = 'all' | 'diverging' | 'none';

/** Which steps of a trace are shown. What is not shown is replayed and judged all the same. */
export interface Selection {
  readonly steps: StepsShown;
  /** First and last step number, both included; `Infinity` for an open end. */
  readonly range: { readonly first: number; readonly last: number } | null;
  /** A step must touch one of these ids; null for any. */
  readonly only: readonly string[] | null;
}

/** True when a selection leaves out steps by their number or by what they touch. */
export function isFiltered({ range, only }: Selection): boolean {
  return range !== null || only !== null;
}

/** True for a step inside `range` that touches one of `only`. */
export function isMatched(step: StepResult, selection: Selection): boolean {
  const { range, only } = selection;
  if (range !== null && (step.number < range.first || step.number > range.last)) return false;
  return only === null || only.some((id) => step.touches.has(id));
}

/** The first causes of a step: divergences that follow from no earlier one. */
export function firstCauses(step: StepResult): StepResult['divergences'] {
  return step.divergences.filter((divergence) => divergence.followsFrom === null);
}

/** What of a matched step is shown. */
export function partOf(step: StepResult, steps: StepsShown): StepPart {
  if (steps === 'all') return 'whole';
  return steps === 'diverging' && firstCauses(step).length > 0 ? 'whole' : 'divergences';
}
