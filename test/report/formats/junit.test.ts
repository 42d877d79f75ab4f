import { describe, expect, test } from 'vitest';
import { AGREEING, DIVERGING, INVALID } from '../../cli/run.ts';
import { NASTY, NASTY_TRACES, runReport, wholeTexts } from '../run-report.ts';
import { ANT, JENKINS, schemaProblems } from './junit-schema.ts';
import { parseXml, type XmlElement } from './xml.ts';

const { junit } = wholeTexts;

function number(element: XmlElement, name: string): number {
  return Number(element.attributes.get(name));
}

/** Children of all test cases of a suite with a name. */
function outcomes(suite: XmlElement, name: string): XmlElement[] {
  const cases = suite.children.filter((child) => child.name === 'testcase');
  return cases.flatMap((each) => each.children.filter((child) => child.name === name));
}

/** A document that keeps to both schemas, and whose counts are those of its elements. */
function checked(text: string): XmlElement {
  const root = parseXml(text);
  expect(schemaProblems(root, ANT)).toEqual([]);
  expect(schemaProblems(root, JENKINS)).toEqual([]);
  root.children.forEach((suite, index) => {
    const cases = suite.children.filter((child) => child.name === 'testcase');
    expect(number(suite, 'id')).toBe(index);
    expect(number(suite, 'tests')).toBe(cases.length);
    expect(number(suite, 'failures')).toBe(outcomes(suite, 'failure').length);
    expect(number(suite, 'errors')).toBe(outcomes(suite, 'error').length);
  });
  return root;
}

describe('junit', () => {
  test('is a suite per folder and a case per trace', () => {
    const traces = { 'a/one.jsonl': AGREEING, 'b/two.jsonl': DIVERGING, 'a/three.jsonl': INVALID };
    const root = checked(junit(runReport(traces)));
    const suites = root.children.map((suite) => ({
      name: suite.attributes.get('name'),
      cases: suite.children.flatMap((child) =>
        child.name === 'testcase' ? [child.attributes.get('name')] : [],
      ),
    }));
    expect(suites).toEqual([
      { name: 'a', cases: ['one.jsonl', 'three.jsonl'] },
      { name: 'b', cases: ['two.jsonl'] },
    ]);
  });

  test('tells a divergence with its place, both values and the rule', () => {
    const root = checked(junit(runReport({ 'b/two.jsonl': DIVERGING })));
    const failures = root.children.flatMap((suite) => outcomes(suite, 'failure'));
    expect(failures.map(({ text }) => text.split('\n')[0])).toEqual([
      expect.stringMatching(
        /^b\/two\.jsonl:3: step 2 connect_server .*: conn\.c1\.owner expected null, actual s1; decided by .*, rule /,
      ),
    ]);
  });

  test('has an error for an invalid trace, for a missing file, and when nothing was selected', () => {
    const unread = [{ path: 'gone.jsonl', what: 'cannot be read' }];
    const report = runReport({ 'x.jsonl': INVALID }, { unread, outcome: 'nothing-selected' });
    const errors = checked(junit(report)).children.flatMap((suite) => outcomes(suite, 'error'));
    expect(errors.map(({ text }) => text)).toEqual([
      'gone.jsonl: cannot be read',
      'replay: no step of any trace is within --range and --only',
      expect.stringMatching(/^x\.jsonl:2:10: unknown event "sesion_new"/),
    ]);
  });

  test('of no file at all is valid', () => {
    checked(junit(runReport({})));
  });

  test('survives every text, and shows it', () => {
    const text = junit(runReport(NASTY_TRACES, { version: NASTY.join() }));
    checked(text);
    expect(text).toContain('naïve 漢字 😀');
    expect(text).toContain('\\u{1b}');
    expect(text).toContain('\\u{ffff}');
  });
});

describe('the check of the schemas', () => {
  const suite = (attributes: string, inside: string) =>
    parseXml(
      `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites><testsuite ${attributes}>${inside}</testsuite></testsuites>`,
    );
  const good =
    'name="a" timestamp="1970-01-01T00:00:00" hostname="h" tests="0" failures="0" errors="0" time="0" id="0" package="p"';
  const inside = '<properties/><system-out/><system-err/>';

  test.each([
    ['a missing attribute', suite(good.replace('hostname="h" ', ''), inside)],
    ['an unknown attribute', suite(`${good} colour="red"`, inside)],
    ['a date with a zone', suite(good.replace('00"', '00Z"'), inside)],
    ['another order', suite(good, '<system-out/><properties/><system-err/>')],
    ['text between elements', suite(good, `text${inside}`)],
  ])('finds %s', (_, root) => {
    expect(schemaProblems(root, ANT)).toHaveLength(1);
  });

  test.each(['\u0001', '&nbsp;', '<a>', ']]>', '\ufffe'])('refuses %j in text', (text) => {
    expect(() => parseXml(`<?xml version="1.0" encoding="UTF-8"?>\n<a>${text}</a>`)).toThrow();
  });
});
