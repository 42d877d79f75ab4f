import { countVerdicts, type VerifyReport } from '../result.ts';

/** The whole run as one JSON object. */
export function json(report: VerifyReport): string {
  const { version, rules, since, traces } = report;
  const counts = countVerdicts(traces);
  const whole = { report: 'haproxy-ownership-verify/1', version, rules, since, counts, traces };
  return `${JSON.stringify(whole, null, 2)}\n`;
}
