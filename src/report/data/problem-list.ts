import type { Problem } from '../../trace/text/problem.ts';
import type { ReportProblem } from './schema.ts';

/** Problems of one file that a report holds, beside the one at which reading stopped. */
const PROBLEMS_MAX = 50;

/** Something wrong with a file, at a place in it or with it as such. */
export type ListedProblem = ReportProblem & Pick<Problem, 'isLast'>;

/** The first problems of a file, as a report holds them. */
export class ProblemList {
  readonly all: ReportProblem[] = [];

  /** Takes a problem; those beyond the first are not held. */
  add({ line, column, what, allowed, isLast }: ListedProblem): void {
    if (this.all.length >= PROBLEMS_MAX && isLast !== true) return;
    this.all.push({ line, column, what, allowed });
  }
}
