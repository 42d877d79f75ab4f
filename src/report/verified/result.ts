import type { Reason, Verdict } from '../../verify/index.ts';
import type { ToldReport } from '../data/schema.ts';

/** What came of a trace, also where nothing could be run. */
export type VerifiedTrace = {
  readonly path: string;
  readonly title: string | null;
} & (
  | {
      readonly verdict: Verdict;
      /** Other rule sets that say what the program did. */
      readonly others: readonly string[];
    }
  | {
      readonly verdict: {
        readonly kind: 'not-exportable';
        readonly line: number;
        readonly column: number;
        /** What cannot be: the event's name, or the configuration. */
        readonly what: string;
        readonly why: string;
      };
    }
  | {
      /** It is no valid trace: its problems were printed. */
      readonly verdict: { readonly kind: 'invalid'; readonly problems: number };
    }
);

/** A kind of verdict. */
export type VerdictKind = VerifiedTrace['verdict']['kind'];

/** The kinds, as they are counted. */
export const VERDICT_KINDS: readonly VerdictKind[] = [
  'as-predicted',
  'differs',
  'not-reached',
  'not-exportable',
  'invalid',
];

/** Which program is run, and what stands for it. */
export interface Verifier {
  /** What `haproxy -v` says it is. */
  readonly version: string;
  /** The rule set that stands for it. */
  readonly rules: string;
  /** Bugs with commits that this branch was asked to take since. */
  readonly since: readonly { readonly bug: string | null; readonly commits: readonly string[] }[];
}

/** A whole run. */
export interface VerifyReport extends Verifier {
  readonly traces: readonly VerifiedTrace[];
  /** Paths that stand for no trace. */
  readonly unread: ToldReport['unread'];
  /** The version of this program, and how the run ends. */
  readonly by: Pick<ToldReport, 'version' | 'outcome' | 'exitCode'>;
}

/** How many traces came to each verdict. */
export function countVerdicts(traces: readonly VerifiedTrace[]): Record<VerdictKind, number> {
  const counts = {
    'as-predicted': 0,
    differs: 0,
    'not-reached': 0,
    'not-exportable': 0,
    invalid: 0,
  };
  for (const { verdict } of traces) counts[verdict.kind]++;
  return counts;
}

/** The same reason, whatever the trace names: what reasons are counted by. */
export function reasonOf(why: string): string {
  return why.replaceAll(/\([^)]*\)/g, '(…)').replaceAll(/\b[cst]\d+\b/g, '…');
}

/** Why a program may differ, in words. */
export function reasonText(reason: Reason): string {
  if (reason.kind === 'freed-memory')
    return 'known: what the model has it read there is freed, and may still be as it was';
  return `known: its branch was asked to take over ${reason.commits.join(' ')}, by which ${reason.says}`;
}

/** A verdict in one line, without colour and without the path. */
export function verdictLine(trace: VerifiedTrace): string {
  const { verdict } = trace;
  switch (verdict.kind) {
    case 'as-predicted':
      return `as predicted: ${verdict.says}`;
    case 'differs': {
      const where = verdict.line === null ? '' : ` at line ${verdict.line}`;
      const others = 'others' in trace ? trace.others.join(', ') : '';
      let why = others === '' ? '' : `; so do the rules of ${others}`;
      if (verdict.reason !== null) why = `; ${reasonText(verdict.reason)}`;
      return `differs${where}: model: ${verdict.model}; program: ${verdict.program}${why}`;
    }
    case 'not-reached':
      return `not reached: ${verdict.why}`;
    case 'not-exportable':
      return `not exportable: ${verdict.line}:${verdict.column}: ${verdict.what}: ${verdict.why}`;
    default:
      return `invalid: ${verdict.problems} problem${verdict.problems === 1 ? '' : 's'}`;
  }
}
