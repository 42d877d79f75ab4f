import { NO_TIME } from '../../../../report/formats/junit.ts';
import { tag, textElement } from '../../../../report/text/xml.ts';
import { countVerdicts, type VerifiedTrace, type VerifyReport, verdictLine } from '../result.ts';

const ELEMENTS = { differs: 'failure', 'not-reached': 'error', invalid: 'error' } as const;

function* caseParts(trace: VerifiedTrace): Generator<string> {
  const { path, verdict } = trace;
  const attributes = { name: path, classname: 'replay verify', time: 0 };
  if (verdict.kind === 'as-predicted') {
    yield `    ${tag('testcase', attributes, '/>')}\n`;
    return;
  }
  yield `    ${tag('testcase', attributes, '>')}\n      `;
  if (verdict.kind === 'not-exportable') yield tag('skipped', {}, '/>');
  else {
    const about = { message: verdictLine(trace), type: verdict.kind };
    yield* textElement(ELEMENTS[verdict.kind], about, [verdictLine(trace)]);
  }
  yield '\n    </testcase>\n';
}

/** A test suite with a test case per trace; what cannot be exported is skipped. */
export function junit({ version, rules, traces }: VerifyReport): string {
  const counts = countVerdicts(traces);
  const attributes = {
    name: `HAProxy ${version}, rules ${rules}`,
    ...NO_TIME,
    tests: traces.length,
    failures: counts.differs,
    errors: counts['not-reached'] + counts.invalid,
    skipped: counts['not-exportable'],
    time: 0,
    id: 0,
    package: 'replay verify',
  };
  const parts = [
    '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n',
    `  ${tag('testsuite', attributes, '>')}\n    <properties/>\n`,
    ...traces.flatMap((trace) => [...caseParts(trace)]),
    '    <system-out/>\n    <system-err/>\n  </testsuite>\n</testsuites>\n',
  ];
  return parts.join('');
}
