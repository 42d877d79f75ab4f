import type { StepResult } from '../../replay/result.ts';
import type { Strict } from './severity.ts';

/** How much of a step is shown: its line and what it changed, or only how it diverges. */
export type StepPart = 'whole' | 'divergences';

/** Which steps are shown with their line: every one, those with a first cause, or none. */
export type StepsShown = 'all' | 'diverging' | 'none';

/** Which steps of a trace are shown. What is not shown is replayed and judged all the same. */
export interface Selection {
  readonly steps: StepsShown;
  /** First and last step number, both included; `Infinity` for an open end. */
  readonly range: { readonly first: number; readonly last: number } | null;
  /** A step must touch one of these ids; null for any. */
  readonly only: readonly string[] | null;
  /** Divergences that follow from earlier ones are shown one by one as well, and not counted. */
  readonly unfolded: boolean;
}

/** True when a range is one step, of which everything is shown then. */
export function isSingleStep(range: Selection['range']): boolean {
  return range !== null && range.first === range.last;
}

/** True when a selection leaves out steps by their number or by what they touch. */
export function isFiltered({ range, only }: Pick<Selection, 'range' | 'only'>): boolean {
  return range !== null || only !== null;
}

/** True for a step inside `range` that touches one of `only`. */
export function isMatched(
  step: Pick<StepResult, 'number' | 'touches'>,
  selection: Pick<Selection, 'range' | 'only'>,
): boolean {
  const { range, only } = selection;
  if (range !== null && (step.number < range.first || step.number > range.last)) return false;
  return only === null || only.some((id) => step.touches.has(id));
}

/** The first causes of a step: divergences that follow from no earlier one. */
export function firstCauses(step: Pick<StepResult, 'divergences'>): StepResult['divergences'] {
  return step.divergences.filter((divergence) => divergence.follows === null);
}

/** The divergences of a step that are shown one by one; where others follow, these are counted. */
export function shownDivergences(step: StepResult, unfolded: boolean): StepResult['divergences'] {
  return unfolded ? step.divergences : firstCauses(step);
}

/** What a step has broken without the trace stating it. */
export function unstatedFindings(step: Pick<StepResult, 'findings'>): StepResult['findings'] {
  return step.findings.filter((finding) => !finding.stated);
}

/** Those of them that count like divergences. */
export function countingFindings(
  step: Pick<StepResult, 'findings'>,
  strict: Strict,
): StepResult['findings'] {
  if (strict.length === 0) return [];
  return unstatedFindings(step).filter(({ severity }) => strict.includes(severity));
}

/** True for a step that is worth telling also when those that agree are not. */
export function isRemarkable(step: StepResult, strict: Strict): boolean {
  return step.divergences.length > 0 || countingFindings(step, strict).length > 0;
}

/** What of a matched step is shown; a step with a finding that counts is one that diverges. */
export function partOf(
  step: StepResult,
  { steps, unfolded }: Pick<Selection, 'steps' | 'unfolded'>,
  strict: Strict = [],
): StepPart {
  if (steps === 'all') return 'whole';
  const diverges =
    shownDivergences(step, unfolded).length > 0 || countingFindings(step, strict).length > 0;
  return steps === 'diverging' && diverges ? 'whole' : 'divergences';
}
