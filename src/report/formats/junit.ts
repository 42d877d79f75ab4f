import type { ReportFile, ToldReport } from '../data/schema.ts';
import { classOf } from '../data/severity.ts';
import { tag, textElement } from '../text/xml.ts';
import {
  evidenceNotices,
  fileNotices,
  type Notice,
  placeText,
  runNotices,
  testResult,
} from './notices.ts';

/**
 * The schemas ask for when and where tests ran and how long it took. A report is the same on every
 * machine and at any time, so these say nothing.
 */
const NO_TIME = { timestamp: '1970-01-01T00:00:00', hostname: 'localhost' };

/** One test of a suite: a trace, or a path that stands for none. */
export interface TestCase {
  readonly name: string;
  /** What is skipped says why in the output. */
  readonly result: ReturnType<typeof testResult> | 'skipped';
  /** What is told of it, in lines. */
  readonly lines: readonly string[];
  /** What it fails by, where it does: a word, and all of it. */
  readonly main: { readonly type: string; readonly message: string };
}

/** Tests that belong together. Cases are made when they are asked for, as there may be many. */
export interface TestSuite {
  readonly name: string;
  readonly results: readonly TestCase['result'][];
  readonly cases: () => Iterable<TestCase>;
}

/** The folder of a path and its last part; the folder of `a.jsonl` is `.`. */
export function splitPath(path: string): { folder: string; name: string } {
  const at = path.lastIndexOf('/');
  if (at === -1 || at === path.length - 1) return { folder: '.', name: path };
  return { folder: path.slice(0, at) || '/', name: path.slice(at + 1) };
}

function noticeLine(notice: Notice): string {
  const { finding } = notice;
  const severity = finding === undefined ? '' : ` (${classOf(finding)})`;
  return `${placeText(notice)}: ${notice.text}${severity}`;
}

function caseOf(name: string, result: TestCase['result'], notices: readonly Notice[]): TestCase {
  const wanted = result === 'error' ? 'problem' : 'divergence';
  const main = notices.find(({ kind }) => kind === wanted) ?? notices[0];
  return {
    name,
    result,
    lines: notices.map(noticeLine),
    main: { type: main?.kind ?? wanted, message: main?.text ?? '' },
  };
}

function* caseParts(suite: string, { name, result, lines, main }: TestCase): Generator<string> {
  const attributes = { name, classname: suite, time: 0 };
  if (result === 'passed') {
    yield `    ${tag('testcase', attributes, '/>')}\n`;
    return;
  }
  const { message, type } = main;
  yield `    ${tag('testcase', attributes, '>')}\n      `;
  if (result === 'skipped') {
    yield `${tag('skipped', {}, '/>')}\n    </testcase>\n`;
    return;
  }
  yield* textElement(result, { message, type }, lines);
  yield '\n    </testcase>\n';
}

/** What is told of tests that pass or are skipped, and of the run. */
function* output({ cases }: TestSuite, ofRun: readonly string[]): Generator<string> {
  for (const { result, lines } of cases()) {
    if (result === 'passed' || result === 'skipped') yield* lines;
  }
  yield* ofRun;
}

/** What is said of a run in each of its suites. */
interface RunHead {
  readonly version: string;
  /** The rule sets that judged, in words. */
  readonly rules: string;
}

function* suiteParts(
  suite: TestSuite,
  id: number,
  { version, rules }: RunHead,
  ofRun: readonly string[],
): Generator<string> {
  const { name, results } = suite;
  const skipped = results.filter((result) => result === 'skipped').length;
  const attributes = {
    name,
    ...NO_TIME,
    tests: results.length,
    failures: results.filter((result) => result === 'failure').length,
    errors: results.filter((result) => result === 'error').length,
    ...(skipped === 0 ? {} : { skipped }),
    time: 0,
    id,
    package: name,
  };
  yield `  ${tag('testsuite', attributes, '>')}\n    <properties>\n`;
  yield `      ${tag('property', { name: 'program', value: `replay ${version}` }, '/>')}\n`;
  yield `      ${tag('property', { name: 'rules', value: rules }, '/>')}\n    </properties>\n`;
  for (const each of suite.cases()) yield* caseParts(name, each);
  yield '    ';
  yield* textElement('system-out', {}, output(suite, ofRun));
  yield '\n    <system-err/>\n  </testsuite>\n';
}

/**
 * Test suites as XML that keeps to what both schemas in use allow: that of Apache Ant and that of
 * the Jenkins plugin.
 *
 * @param ofRun what is told of the run as such, by the first suite alone
 */
export function* junitParts(
  suites: Iterable<TestSuite>,
  head: RunHead,
  ofRun: readonly string[],
): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  let id = 0;
  for (const suite of suites) {
    if (id === 0) yield '<testsuites>\n';
    yield* suiteParts(suite, id, head, id === 0 ? ofRun : []);
    id++;
  }
  yield id === 0 ? '<testsuites/>\n' : '</testsuites>\n';
}

/** The tests of a folder. */
class Folder implements TestSuite {
  readonly name: string;
  readonly results: TestCase['result'][] = [];
  readonly #report: ToldReport;
  readonly #notices: Notice[] = [];
  /** Places of its files among all. */
  readonly #files: number[] = [];

  constructor(name: string, report: ToldReport) {
    this.name = name;
    this.#report = report;
  }

  addNotice(notice: Notice): void {
    this.#notices.push(notice);
    this.results.push('error');
  }

  addFile(place: number, file: ReportFile): void {
    this.#files.push(place);
    this.results.push(testResult(file, this.#report.options));
  }

  readonly cases = (): Iterable<TestCase> => this.#cases();

  *#cases(): Generator<TestCase> {
    const { files, options } = this.#report;
    for (const notice of this.#notices) {
      yield caseOf(splitPath(notice.path ?? notice.title).name, 'error', [notice]);
    }
    for (const place of this.#files) {
      const file = files.at(place);
      if (file === undefined) continue;
      const notices = fileNotices(file, options);
      yield caseOf(splitPath(file.path).name, testResult(file, options), notices);
    }
  }
}

function foldersOf(report: ToldReport): Iterable<Folder> {
  const folders = new Map<string, Folder>();
  const folderOf = (path: string): Folder => {
    const { folder } = splitPath(path);
    const known = folders.get(folder) ?? new Folder(folder, report);
    folders.set(folder, known);
    return known;
  };
  for (const notice of runNotices(report)) folderOf(notice.path ?? notice.title).addNotice(notice);
  let place = 0;
  for (const file of report.files) folderOf(file.path).addFile(place++, file);
  return folders.values();
}

/**
 * The reporter `junit`: a test suite per folder, a test case per trace. A trace that diverges is a
 * failure, one that cannot be judged an error. Findings of one that passes are in the output, unless
 * they count.
 */
export function* junit(report: ToldReport): Generator<string> {
  const { version, options } = report;
  const head = { version, rules: options.rules ?? 'of each trace' };
  yield* junitParts(foldersOf(report), head, evidenceNotices(report).map(noticeLine));
}
