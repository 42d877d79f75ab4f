import { isFiltered, type Selection } from '../../report/data/select.ts';
import type { RunReport } from '../../report/data/tally.ts';
import { type Outcome, worse } from './outcome.ts';

/**
 * How a run ends that came to these counts.
 *
 * @param strict findings that no trace states count like divergences
 */
export function runOutcome(run: RunReport, selection: Selection, strict: boolean): Outcome {
  const diverges = run.divergences > 0 || (strict && run.unstatedFindings > 0);
  let outcome: Outcome = diverges ? 'diverges' : 'agrees';
  // A shard may have no file, a run may not.
  if (run.files > 0 && isFiltered(selection) && run.matched === 0)
    outcome = worse(outcome, 'nothing-selected');
  if (run.unjudged > 0 || run.unread > 0) outcome = worse(outcome, 'not-judged');
  return outcome;
}
