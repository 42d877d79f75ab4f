import type { Report, ReportFile } from '../data/schema.ts';
import { severityOf } from '../data/severity.ts';
import { block } from '../text/layout.ts';
import {
  fileNotices,
  type Notice,
  type NoticeOptions,
  placeText,
  runNotices,
  testResult,
} from './notices.ts';
import { element, textElement } from './xml.ts';

/**
 * The schemas ask for when and where tests ran and how long it took. A report is the same on every
 * machine and at any time, so these say nothing.
 */
const NO_TIME = { timestamp: '1970-01-01T00:00:00', hostname: 'localhost' };

/** One test: a trace, or a path that stands for none. */
interface Case {
  readonly folder: string;
  readonly name: string;
  readonly result: ReturnType<typeof testResult>;
  readonly notices: readonly Notice[];
}

/** The folder of a path and its last part; the folder of `a.jsonl` is `.`. */
function splitPath(path: string): { folder: string; name: string } {
  const at = path.lastIndexOf('/');
  if (at === -1 || at === path.length - 1) return { folder: '.', name: path };
  return { folder: path.slice(0, at) || '/', name: path.slice(at + 1) };
}

function fileCase(file: ReportFile, options: NoticeOptions): Case {
  const result = testResult(file, options);
  return { ...splitPath(file.path), result, notices: fileNotices(file, options) };
}

function runCase(notice: Notice): Case {
  return { ...splitPath(notice.path ?? notice.title), result: 'error', notices: [notice] };
}

function noticeLine(notice: Notice): string {
  const { finding } = notice;
  const severity = finding === undefined ? '' : ` (${severityOf(finding)})`;
  return `${placeText(notice)}: ${notice.text}${severity}`;
}

function caseLines({ folder, name, result, notices }: Case): string[] {
  const attributes = { name, classname: folder, time: 0 };
  if (result === 'passed') return element('testcase', attributes);
  const wanted = result === 'error' ? 'problem' : 'divergence';
  const main = notices.find(({ kind }) => kind === wanted) ?? notices[0];
  const failure = { message: main?.text ?? '', type: main?.kind ?? wanted };
  return element('testcase', attributes, [textElement(result, failure, notices.map(noticeLine))]);
}

function suiteLines(report: Report, folder: string, cases: readonly Case[], id: number): string[] {
  const counted = (result: Case['result']): number =>
    cases.filter((each) => each.result === result).length;
  const attributes = {
    name: folder,
    ...NO_TIME,
    tests: cases.length,
    failures: counted('failure'),
    errors: counted('error'),
    time: 0,
    id,
    package: folder,
  };
  const passed = cases.filter(({ result }) => result === 'passed');
  const output = passed.flatMap(({ notices }) => notices.map(noticeLine));
  const properties = [
    element('property', { name: 'program', value: `replay ${report.version}` }),
    element('property', { name: 'rules', value: report.options.rules ?? 'of each trace' }),
  ];
  return element('testsuite', attributes, [
    ...element('properties', {}, properties.flat()),
    ...cases.flatMap(caseLines),
    // What is told of traces that pass: findings, unless they count.
    textElement('system-out', {}, output),
    textElement('system-err', {}, []),
  ]);
}

/**
 * The reporter `junit`: a test suite per folder, a test case per trace. It keeps to what both
 * schemas in use allow: that of Apache Ant and that of the Jenkins plugin. A trace that diverges
 * is a failure, one that cannot be judged an error.
 */
export function junit(report: Report): string {
  const { options } = report;
  const suites = new Map<string, Case[]>();
  const cases = [
    ...runNotices(report).map(runCase),
    ...report.files.map((file) => fileCase(file, options)),
  ];
  for (const each of cases) {
    const suite = suites.get(each.folder);
    if (suite === undefined) suites.set(each.folder, [each]);
    else suite.push(each);
  }
  const lines = element(
    'testsuites',
    {},
    [...suites].flatMap(([folder, each], id) => suiteLines(report, folder, each, id)),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${block(lines)}`;
}
