import { NO_END, SEVERITIES, type Severity } from '../../format/index.ts';
import { NONE_BY_SEVERITY } from '../../replay/findings.ts';
import type { BySeverity } from '../../replay/result.ts';

/** The severities whose findings count like divergences; none where a run is not strict. */
export type Strict = readonly Severity[];

/** How severe a finding is; a report of an earlier version has broken promises only. */
export function severityOf({ severity }: { readonly severity?: Severity | undefined }): Severity {
  return severity ?? 'broken';
}

/** What a finding is: how severe, and of the end of a program which. */
export function classOf(finding: {
  readonly invariant: string;
  readonly severity?: Severity | undefined;
}): Severity | 'abort' {
  return finding.invariant === NO_END.abort ? 'abort' : severityOf(finding);
}

/** Which findings count, by the options of a report. */
export function strictOf(options: {
  readonly strict: boolean;
  readonly severities?: Strict | undefined;
}): Strict {
  return options.strict ? (options.severities ?? SEVERITIES) : [];
}

/** Which findings count, as the options of a report say it. */
export function strictOptions(strict: Strict): { strict: boolean; severities?: Severity[] } {
  const isAll = SEVERITIES.every((severity) => strict.includes(severity));
  const some = strict.length === 0 || isAll ? {} : { severities: [...strict] };
  return { strict: strict.length > 0, ...some };
}

/** How many findings no trace states: in all, and by severity unless a report is an earlier one. */
interface Unstated {
  readonly unstatedFindings: number;
  readonly unstatedBy?: BySeverity | undefined;
}

/** How many of them there are by severity; an earlier report has broken promises only. */
export function unstatedBy({ unstatedFindings, unstatedBy }: Unstated): BySeverity {
  return unstatedBy ?? { ...NONE_BY_SEVERITY, broken: unstatedFindings };
}

/** How many of them count like divergences. */
export function unstatedUnder(strict: Strict, counts: Unstated): number {
  const by = unstatedBy(counts);
  return strict.reduce((sum, severity) => sum + by[severity], 0);
}

/** Two counts together. */
export function addBySeverity(one: BySeverity, other: BySeverity): BySeverity {
  return {
    crash: one.crash + other.crash,
    broken: one.broken + other.broken,
    hint: one.hint + other.hint,
  };
}
