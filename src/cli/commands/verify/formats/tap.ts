import { escapeControl } from '../../../../trace/text/escape.ts';
import { type VerifiedTrace, type VerifyReport, verdictLine } from '../result.ts';

function described(plain: string): string {
  return escapeControl(plain).replace(/[\\#]/g, '\\$&');
}

function point(trace: VerifiedTrace, number: number): string {
  const { path, verdict } = trace;
  const says = described(verdictLine(trace));
  if (verdict.kind === 'not-exportable')
    return `ok ${number} - ${described(path)} # SKIP ${says}\n`;
  const ok = verdict.kind === 'as-predicted';
  return `${ok ? 'ok' : 'not ok'} ${number} - ${described(path)}\n# ${says}\n`;
}

/** The Test Anything Protocol: a test point per trace; what cannot be exported is skipped. */
export function tap({ version, rules, traces }: VerifyReport): string {
  const plan = traces.length === 0 ? '1..0 # SKIP no traces' : `1..${traces.length}`;
  const points = traces.map((trace, at) => point(trace, at + 1));
  return `TAP version 14\n# HAProxy ${version}, rules ${rules}\n${plan}\n${points.join('')}`;
}
