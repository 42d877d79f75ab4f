import { type Course, streamPaths } from '../export/index.ts';
import { type Happening, happeningsOf } from './happenings.ts';
import type { Observed } from './observed.ts';

/** How a script ran. */
export interface ScriptRun {
  /** Whether the runner says that the script passed. */
  readonly passed: boolean;
  /** The runner's words about what failed first; null where it says nothing. */
  readonly failure: string | null;
  /** The signal that HAProxy died of by itself; null: it lived to the end. */
  readonly signal: number | null;
  /** Functions of HAProxy's stack when it died, the innermost first; none where nothing says it. */
  readonly stack: readonly string[];
}

/** Why a program may differ and neither the model nor the script be at fault. */
export type Reason =
  /** The model has it go through memory that is free, which may still be as it was: all is open then. */
  | { readonly kind: 'freed-memory' }
  /** It does what its release does with a change that its branch was asked to take over since. */
  | { readonly kind: 'taken-over'; readonly commits: readonly string[]; readonly says: string };

/** What came of a trace. */
export type Verdict =
  | { readonly kind: 'as-predicted'; readonly says: string }
  | {
      readonly kind: 'differs';
      /** Line of the trace; null: after its end, or nowhere. */
      readonly line: number | null;
      readonly model: string;
      readonly program: string;
      /** Null: there is none that is known. */
      readonly reason: Reason | null;
    }
  | { readonly kind: 'not-reached'; readonly why: string };

function diedText({ signal, stack }: ScriptRun): string {
  const [inner] = stack;
  const where = inner === undefined ? '' : ` in ${inner}()`;
  return `dies of signal ${signal}${where}`;
}

/** The first place at which the program did not do what the model says; null: it did it all. */
function firstDifference(predicted: readonly Happening[], { happenings }: Observed): number | null {
  const at = predicted.findIndex(({ says }, place) => happenings[place]?.says !== says);
  return at === -1 ? null : at;
}

function endVerdict(course: Course, run: ScriptRun, observed: Observed): Verdict {
  const at = course.acts.findIndex(({ end }) => end !== null);
  const last = course.acts[at];
  const fn = last?.end?.fn ?? '';
  const line = last?.line ?? null;
  const model = `${last?.event.event ?? ''}: HAProxy dies in ${fn}()`;
  if (run.signal === null) {
    const reason: Reason | null =
      last?.end?.isThroughFreed === true ? { kind: 'freed-memory' } : null;
    return { kind: 'differs', line, model, program: 'it lives on', reason };
  }
  const paths = streamPaths(course);
  const before = happeningsOf(course.acts.slice(0, at), (strm) => paths.get(strm) ?? strm);
  const place = firstDifference(before, observed);
  if (place !== null) return differs(before, place, observed, run);
  const isNamed = run.stack.includes(fn) ? `, in ${fn}()` : '';
  const stack =
    run.stack.length === 0 || isNamed !== '' ? '' : ` (${run.stack.slice(0, 3).join(' < ')})`;
  return {
    kind: 'as-predicted',
    says: `dies of signal ${run.signal}${isNamed}${stack}, as the model has it in ${fn}()`,
  };
}

function differs(
  predicted: readonly Happening[],
  place: number,
  { happenings }: Observed,
  run: ScriptRun,
): Verdict {
  const { says: model = '', line = null } = predicted[place] ?? {};
  const other = happenings[place]?.says;
  if (other === undefined && happenings.length === 0) {
    const why = run.signal === null ? (run.failure ?? 'nothing was captured') : diedText(run);
    return { kind: 'not-reached', why };
  }
  const nothing = run.signal === null ? 'nothing more' : diedText(run);
  const failed = run.failure === null ? '' : ` (${run.failure})`;
  return { kind: 'differs', line, model, program: other ?? `${nothing}${failed}`, reason: null };
}

/**
 * Whether the rules of a course give what a program did, up to where it did not do what others say:
 * what comes after that is disturbed by the script, which was written by those.
 *
 * @param course under other rules than those of the script
 * @param disturbed the course that the script was written by
 */
export function explains(course: Course, disturbed: Course, observed: Observed): boolean {
  if (course.acts.some(({ end }) => end !== null)) return false;
  const [mine, others] = [course, disturbed].map((each) => {
    const paths = streamPaths(each);
    const end = each.acts.findIndex((act) => act.end !== null);
    const acts = end === -1 ? each.acts : each.acts.slice(0, end);
    return happeningsOf(acts, (strm) => paths.get(strm) ?? strm);
  });
  if (mine === undefined || others === undefined) return false;
  const place = firstDifference(others, observed) ?? observed.happenings.length - 1;
  return firstDifference(mine.slice(0, place + 1), observed) === null;
}

/** Whether a program did what a course says, by what it printed and how it ended. */
export function judge(course: Course, run: ScriptRun, observed: Observed): Verdict {
  if (course.acts.some(({ end }) => end !== null)) return endVerdict(course, run, observed);
  const paths = streamPaths(course);
  const predicted = happeningsOf(course.acts, (strm) => paths.get(strm) ?? strm);
  const place = firstDifference(predicted, observed);
  if (place !== null) return differs(predicted, place, observed, run);
  const last = course.acts[course.own - 1]?.line ?? null;
  if (run.signal !== null) {
    const program = diedText(run);
    return { kind: 'differs', line: last, model: 'HAProxy lives', program, reason: null };
  }
  if (!run.passed) {
    const program = run.failure ?? 'the script failed';
    const model = 'every check of the script passes';
    return { kind: 'differs', line: last, model, program, reason: null };
  }
  if (observed.divergence !== null) {
    const model = 'what it printed agrees with the rules';
    return { kind: 'differs', line: null, model, program: observed.divergence, reason: null };
  }
  return { kind: 'as-predicted', says: `alive, ${predicted.length} things as the model has them` };
}
