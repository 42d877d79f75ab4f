import { describe, expect, test } from 'vitest';
import { githubSummary } from '../../../src/report/index.ts';
import { AGREEING, DIVERGING, INVALID } from '../../cli/run.ts';
import { NASTY, NASTY_TRACES, nastyTrace, runReport, wholeTexts } from '../run-report.ts';

const { github } = wholeTexts;

/** Reads a workflow command as the runner of GitHub Actions does. */
function parseCommand(line: string) {
  const parts = /^::(\w+) ([\s\S]*?)::([\s\S]*)$/.exec(line);
  if (parts === null) throw new Error(`not a command: ${line}`);
  const decode = (text: string) =>
    text
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  const properties = Object.fromEntries(
    (parts[2] ?? '').split(',').map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), decode(pair.slice(at + 1))];
    }),
  );
  return { command: parts[1], ...properties, message: decode(parts[3] ?? '') };
}

function commands(text: string) {
  return text.split('\n').slice(0, -1).map(parseCommand);
}

describe('github', () => {
  test('is an annotation per divergence, at its line', () => {
    const [first] = commands(github(runReport({ 'traces/b.jsonl': DIVERGING })));
    expect(first).toMatchObject({
      command: 'error',
      file: 'traces/b.jsonl',
      line: '3',
      title: 'replay: step 2 diverges',
      message: expect.stringMatching(/^step 2 connect_server t1 s1 b\/srv c1: conn\.c1\.owner /),
    });
  });

  test('is an annotation per problem, with its column', () => {
    expect(commands(github(runReport({ 'c.jsonl': INVALID })))).toMatchObject([
      { command: 'error', file: 'c.jsonl', line: '2', col: '10', title: 'replay: invalid trace' },
    ]);
  });

  test('says nothing about a run that agrees', () => {
    expect(github(runReport({ 'a.jsonl': AGREEING }))).toBe('');
  });

  test('escapes what would end a property, a command or a line', () => {
    const path = 'a,b:c%0A::d\ne\r.jsonl';
    const text = github(runReport({ [path]: nastyTrace('x') }));
    expect(text).toMatch(/^::error file=a%2Cb%3Ac%250A%3A%3Ad%0Ae%0D\.jsonl,line=4,/);
    expect(commands(text)[0]).toMatchObject({ file: path, line: '4' });
  });

  test('survives every text: each line is one command, and nothing reaches a terminal', () => {
    const text = github(runReport(NASTY_TRACES));
    const all = commands(text);
    expect(all.length).toBeGreaterThanOrEqual(NASTY.length);
    expect(all.every(({ command }) => command === 'error')).toBe(true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028]/);
  });
});

describe('the job summary', () => {
  test('counts, and lists the traces that do not agree', () => {
    const traces = { 'a.jsonl': AGREEING, 'b.jsonl': DIVERGING, 'c.jsonl': INVALID };
    const unread = [{ path: 'gone.jsonl', what: 'cannot be read' }];
    expect(githubSummary(runReport(traces, { unread }))).toMatchInlineSnapshot(`
      "### replay: not-judged

      3 files, 6 steps, 2 divergences (1 more follow), 1 file not judged, 1 path not read

      | trace | rules | verdict | steps | divergences | follow | findings | first step |
      |---|---|---|--:|--:|--:|--:|--:|
      | b.jsonl | 08016ab82 | **diverges** | 3 | 2 | 1 | 0 | 2 |
      | c.jsonl | 08016ab82 | **not judged** | 0 | 0 | 0 | 0 |  |

      - gone.jsonl: cannot be read
      "
    `);
  });

  test('has no table when everything agrees', () => {
    expect(githubSummary(runReport({ 'a.jsonl': AGREEING }))).toBe(
      '### replay: agrees\n\n1 file, 3 steps, no divergence\n',
    );
  });

  test('survives every text: a row per trace, no markup from outside', () => {
    const summary = githubSummary(runReport(NASTY_TRACES));
    const rows = summary.split('\n').filter((line) => line.startsWith('| traces'));
    expect(rows).toHaveLength(NASTY.length);
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(9);
    expect(summary).not.toMatch(/<script|<evil/);
  });
});
