import type { ReportFile, ToldReport } from '../data/schema.ts';
import { classOf } from '../data/severity.ts';
import { tag, textElement } from '../text/xml.ts';
import {
  evidenceNotices,
  fileNotices,
  type Notice,
  type NoticeOptions,
  placeText,
  runNotices,
  testResult,
} from './notices.ts';

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
  const severity = finding === undefined ? '' : ` (${classOf(finding)})`;
  return `${placeText(notice)}: ${notice.text}${severity}`;
}

function* caseParts({ folder, name, result, notices }: Case): Generator<string> {
  const attributes = { name, classname: folder, time: 0 };
  if (result === 'passed') {
    yield `    ${tag('testcase', attributes, '/>')}\n`;
    return;
  }
  const wanted = result === 'error' ? 'problem' : 'divergence';
  const main = notices.find(({ kind }) => kind === wanted) ?? notices[0];
  const failure = { message: main?.text ?? '', type: main?.kind ?? wanted };
  yield `    ${tag('testcase', attributes, '>')}\n      `;
  yield* textElement(result, failure, linesOf(notices));
  yield '\n    </testcase>\n';
}

function* linesOf(notices: Iterable<Notice>): Generator<string> {
  for (const notice of notices) yield noticeLine(notice);
}

/** The tests of a folder. */
class Suite {
  readonly #report: ToldReport;
  readonly #notices: Notice[] = [];
  /** Places of its files among all. */
  readonly #files: number[] = [];
  readonly #counts = { passed: 0, failure: 0, error: 0 };

  constructor(report: ToldReport) {
    this.#report = report;
  }

  addNotice(notice: Notice): void {
    this.#notices.push(notice);
    this.#counts.error++;
  }

  addFile(place: number, file: ReportFile): void {
    this.#files.push(place);
    this.#counts[testResult(file, this.#report.options)]++;
  }

  *#cases(): Generator<Case> {
    const { files, options } = this.#report;
    for (const notice of this.#notices) yield runCase(notice);
    for (const place of this.#files) {
      const file = files.at(place);
      if (file !== undefined) yield fileCase(file, options);
    }
  }

  /** What is told of traces that pass, which are findings unless they count, and of the run. */
  *#output(ofRun: readonly Notice[]): Generator<string> {
    for (const { result, notices } of this.#cases()) {
      if (result === 'passed') yield* linesOf(notices);
    }
    yield* linesOf(ofRun);
  }

  /** @param ofRun what is told of the run, and by one suite alone */
  *parts(folder: string, id: number, ofRun: readonly Notice[]): Generator<string> {
    const { version, options } = this.#report;
    const attributes = {
      name: folder,
      ...NO_TIME,
      tests: this.#notices.length + this.#files.length,
      failures: this.#counts.failure,
      errors: this.#counts.error,
      time: 0,
      id,
      package: folder,
    };
    yield `  ${tag('testsuite', attributes, '>')}\n    <properties>\n`;
    yield `      ${tag('property', { name: 'program', value: `replay ${version}` }, '/>')}\n`;
    const rules = { name: 'rules', value: options.rules ?? 'of each trace' };
    yield `      ${tag('property', rules, '/>')}\n    </properties>\n`;
    for (const each of this.#cases()) yield* caseParts(each);
    yield '    ';
    yield* textElement('system-out', {}, this.#output(ofRun));
    yield '\n    <system-err/>\n  </testsuite>\n';
  }
}

function suitesOf(report: ToldReport): ReadonlyMap<string, Suite> {
  const suites = new Map<string, Suite>();
  const suiteOf = (path: string): Suite => {
    const { folder } = splitPath(path);
    const suite = suites.get(folder) ?? new Suite(report);
    suites.set(folder, suite);
    return suite;
  };
  for (const notice of runNotices(report)) suiteOf(notice.path ?? notice.title).addNotice(notice);
  let place = 0;
  for (const file of report.files) suiteOf(file.path).addFile(place++, file);
  return suites;
}

/**
 * The reporter `junit`: a test suite per folder, a test case per trace. It keeps to what both
 * schemas in use allow: that of Apache Ant and that of the Jenkins plugin. A trace that diverges
 * is a failure, one that cannot be judged an error.
 */
export function* junit(report: ToldReport): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  const suites = suitesOf(report);
  if (suites.size === 0) {
    yield '<testsuites/>\n';
    return;
  }
  yield '<testsuites>\n';
  let id = 0;
  let ofRun = evidenceNotices(report);
  for (const [folder, suite] of suites) {
    yield* suite.parts(folder, id++, ofRun);
    ofRun = [];
  }
  yield '</testsuites>\n';
}
