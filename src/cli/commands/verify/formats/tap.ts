import { description } from '../../../../report/formats/tap.ts';
import { type VerifiedTrace, type VerifyReport, verdictLine } from '../result.ts';

function point(trace: VerifiedTrace, number: number): string {
  const { path, verdict } = trace;
  const says = description(verdictLine(trace));
  if (verdict.kind === 'not-exportable')
    return `ok ${number} - ${description(path)} # SKIP ${says}\n`;
  const ok = verdict.kind === 'as-predicted';
  return `${ok ? 'ok' : 'not ok'} ${number} - ${description(path)}\n# ${says}\n`;
}

/** The Test Anything Protocol: a test point per trace; what cannot be exported is skipped. */
export function tap({ version, rules, traces }: VerifyReport): string {
  const plan = traces.length === 0 ? '1..0 # SKIP no traces' : `1..${traces.length}`;
  const points = traces.map((trace, at) => point(trace, at + 1));
  return `TAP version 14\n# HAProxy ${version}, rules ${rules}\n${plan}\n${points.join('')}`;
}
