import { isFiltered, type Selection } from '../../report/data/select.ts';
import { type Strict, unstatedUnder } from '../../report/data/severity.ts';
import type { RunReport } from '../../report/data/tally.ts';
import { type Outcome, worse } from './outcome.ts';

/**
 * How a run ends that came to these counts.
 *
 * @param strict the severities whose findings count like divergences, unless a trace states them
 */
export function runOutcome(run: RunReport, selection: Selection, strict: Strict): Outcome {
  const diverges = run.divergences > 0 || unstatedUnder(strict, run) > 0;
  let outcome: Outcome = diverges ? 'diverges' : 'agrees';
  // A shard may have no file, a run may not.
  if (run.files > 0 && isFiltered(selection) && run.matched === 0)
    outcome = worse(outcome, 'nothing-selected');
  if (run.unjudged > 0 || run.unread > 0) outcome = worse(outcome, 'not-judged');
  return outcome;
}
