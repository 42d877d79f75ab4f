import type { Picture } from '../../picture/picture.ts';
import type { StepResult } from '../../replay/result.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import type { ReportFile } from '../data/schema.ts';
import { firstCauses, unstatedFindings } from '../data/select.ts';
import { valueText } from '../text/value.ts';
import { againOf } from './again.ts';
import type { PageVerdict, TraceSummary } from './told.ts';

const VERDICTS: Readonly<Record<ReportFile['verdict'], PageVerdict>> = {
  agrees: 'agrees',
  diverges: 'diverges',
  'not-judged': 'not judged',
};

/** What is the matter at a step, where something is: a first cause, or else a broken promise. */
export function firstOf(step: StepResult): TraceSummary['first'] {
  const [cause] = firstCauses(step);
  if (cause !== undefined) {
    const { kind, field, expected, actual } = cause;
    const says =
      kind === 'impossible'
        ? 'the event cannot happen'
        : `${field}: ${valueText(expected)} expected, ${valueText(actual)} here`;
    return { step: step.number, says: escapeControl(says) };
  }
  const [finding] = unstatedFindings(step);
  return finding === undefined ? null : { step: step.number, says: escapeControl(finding.says) };
}

/** `line 12: …`, as the page says why it could not read on. */
export function problemText({
  line,
  column,
  what,
  allowed,
}: ReportFile['problems'][number]): string {
  const place = line === null ? '' : `line ${line}${column === null ? '' : `:${column}`}: `;
  const more = allowed === null ? '' : ` (${allowed})`;
  return escapeControl(`${place}${what}${more}`);
}

/** `crash in conn_free`; null when the program did not end. */
function endOf({ crash, abort }: Pick<ReportFile, 'crash' | 'abort'>): string | null {
  if (crash !== null) return escapeControl(`crash in ${crash}`);
  return abort === undefined ? null : escapeControl(`abort in ${abort}`);
}

/** A replayed trace as an index tells it. */
export function summaryOf(
  file: ReportFile,
  picture: Picture,
  first: TraceSummary['first'],
): TraceSummary {
  return {
    kind: 'replay',
    path: escapeControl(file.path),
    title: file.title === null ? null : escapeControl(file.title),
    rules: file.rules === null ? [] : [escapeControl(file.rules)],
    verdict: VERDICTS[file.verdict],
    steps: file.steps,
    sessions: picture.sessions.length,
    connections: picture.connections.length,
    divergences: file.divergences,
    followers: file.followers,
    findings: file.unstatedFindings,
    first,
    end: endOf(file),
    problems: file.problems.map(problemText),
    again: againOf(
      ['replay', '--explain'],
      file.rules === null ? [] : [['--rules', file.rules]],
      file,
    ),
  };
}
