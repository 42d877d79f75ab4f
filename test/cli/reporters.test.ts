import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Parser } from 'tap-parser';
import { describe, expect, test } from 'vitest';
import { reportSchema } from '../../src/report/data/schema.ts';
import { REPORTER_NAMES } from '../../src/report/formats/names.ts';
import { ANT, JENKINS, schemaProblems } from '../report/formats/junit-schema.ts';
import { sarifProblems } from '../report/formats/sarif-schema.ts';
import { parseXml } from '../report/formats/xml.ts';
import { AGREEING, DIVERGING, type Given, INVALID, inFolder, replay, runProgram } from './run.ts';

const CRASHING = readFileSync(
  new URL('../../traces/bugs/b1-retry-after-a-failed-listing-h2.after.jsonl', import.meta.url),
  'utf8',
);

/** The same crash, where the trace says that the step returned. */
const CRASH_UNSTATED = CRASHING.replace(/,"crash":"\w+"/, '');

const TRACES = {
  'agrees.jsonl': AGREEING,
  'crashes.jsonl': CRASH_UNSTATED,
  'diverges.jsonl': DIVERGING,
  'invalid.jsonl': INVALID,
  'stated.jsonl': CRASHING,
};

/** Runs `replay` in a folder with the traces, and gives what it printed and what files it left. */
function replayTraces(args: readonly string[], given: Given = {}) {
  return inFolder(async (cwd) => {
    mkdirSync(join(cwd, 'traces'));
    for (const [path, text] of Object.entries(TRACES)) {
      writeFileSync(join(cwd, 'traces', path), text);
    }
    const ended = await replay(args, { cwd, ...given });
    const names = readdirSync(cwd).filter((name) => name !== 'traces');
    const files = names.map((name) => [name, readFileSync(join(cwd, name), 'utf8')]);
    return { ...ended, files: Object.fromEntries(files) as Record<string, string> };
  });
}

function tapProblems(text: string): unknown[] {
  const parser = new Parser({ strict: true });
  const problems: unknown[] = [];
  parser.on('extra', (line: string) => problems.push(line));
  parser.end(text);
  problems.push(...(parser.results?.failures.filter(({ tapError }) => tapError) ?? []));
  return problems;
}

/** What is wrong with the output of a reporter, by what its format asks for. */
const CHECKS: Readonly<Record<(typeof REPORTER_NAMES)[number], (text: string) => unknown[]>> = {
  pretty: (text) => (/^\d file/m.test(text) ? [] : ['no summary']),
  json: (text) => reportSchema.safeParse(JSON.parse(text)).error?.issues ?? [],
  jsonl: (text) =>
    text
      .trimEnd()
      .split('\n')
      .filter((line) => typeof JSON.parse(line).type !== 'string'),
  junit: (text) => {
    const root = parseXml(text);
    return [...schemaProblems(root, ANT), ...schemaProblems(root, JENKINS)];
  },
  tap: tapProblems,
  github: (text) =>
    text.split('\n').filter((line) => line !== '' && !/^::(error|warning) .+::.+$/.test(line)),
  sarif: (text) => sarifProblems(JSON.parse(text)),
  agent: (text) =>
    text.split('\n').filter((line) => line !== '' && !/^traces\/.+:\d+: .|^ok: ./.test(line)),
  svg: (text) => (parseXml(text).name === 'svg' ? [] : ['no drawing']),
  html: (text) => (/^<!doctype html>\n[\s\S]*<\/html>\n$/.test(text) ? [] : ['no page']),
};

const CODES = [
  ['agrees.jsonl', 0],
  ['stated.jsonl', 0],
  ['diverges.jsonl', 1],
  ['crashes.jsonl', 1],
  ['invalid.jsonl', 2],
] as const;

describe.each(REPORTER_NAMES)('the reporter %s', (name) => {
  test.each(CODES)('tells of %s on standard output, and nothing else', async (path, code) => {
    const { stdout, ...ended } = await replayTraces(['--reporter', name, `traces/${path}`]);
    expect(ended).toMatchObject({ code, files: {} });
    expect(CHECKS[name](stdout)).toEqual([]);
    if (code === 1) expect(stdout).toContain(path);
  });

  // A drawing is of one trace.
  const path = name === 'svg' ? 'traces/invalid.jsonl' : 'traces';

  test('writes the same to a file as to standard output, and leaves nothing else', async () => {
    const direct = await replayTraces(['--reporter', name, path]);
    const { files, stdout, code } = await replayTraces(['--reporter', `${name}=out`, path]);
    expect(code).toBe(2);
    expect(files).toEqual({ out: direct.stdout });
    expect(stdout).toEqual(name === 'pretty' ? '' : expect.stringMatching(/^(5 files|1 file) /m));
  });
});

describe('a crash that no trace expects', () => {
  test.each([
    ['agent', /^traces\/crashes\.jsonl:8: step 7 detach t2: crash expected null, actual /m],
    [
      'github',
      /^::error file=traces\/crashes\.jsonl,line=8,title=[^:]*::step 7 detach t2: crash /m,
    ],
    ['tap', /^not ok 1 - traces\/crashes\.jsonl$/m],
    ['junit', /<failure message="step 7 detach t2: crash expected null, actual /],
    ['sarif', /"text": "step 7 detach t2: crash expected null, actual /],
    ['json', /"crash": "session_check_idle_conn"/],
  ])('is told by %s', async (name, text) => {
    const { stdout } = await replayTraces(['--reporter', name, 'traces/crashes.jsonl']);
    expect(stdout).toMatch(text);
  });
});

describe('several reporters', () => {
  test('each have their destination; people keep standard output', async () => {
    const args = ['--reporter', 'json=a', '--reporter', 'junit=b', '--reporter', 'jsonl=c'];
    const { files, stdout, code } = await replayTraces(['-q', ...args, 'traces']);
    expect(code).toBe(2);
    expect(stdout).toContain('5 files (1 not judged)');
    expect(CHECKS.json(files.a ?? '')).toEqual([]);
    expect(CHECKS.junit(files.b ?? '')).toEqual([]);
    expect(CHECKS.jsonl(files.c ?? '')).toEqual([]);
  });

  test('give people a file when a format has standard output', async () => {
    const args = ['--reporter', 'tap', '--reporter', 'pretty=log'];
    const { files, stdout } = await replayTraces([...args, 'traces']);
    expect(CHECKS.tap(stdout)).toEqual([]);
    expect(files.log).toContain('5 files');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no colour in a file
    expect(files.log).not.toMatch(/\u001b/);
  });

  test('of one kind tell the same, whatever others there are', async () => {
    const alone = await replayTraces(['--reporter', 'json', 'traces']);
    const args = ['--reporter', 'json=a', '--reporter', 'jsonl=b', '--full', 'traces'];
    expect((await replayTraces(args)).files.a).toBe(alone.stdout);
  });

  test.each([
    [['json', 'tap'], 'two reporters on standard output: json and tap'],
    [['json', 'tap=-'], 'two reporters on standard output: json and tap'],
    [['pretty', 'pretty'], 'two reporters on standard output: pretty and pretty'],
    [['json=x', 'tap=x'], 'two reporters on the same file x: json and tap'],
    [['json=x', 'tap=./traces/../x'], 'two reporters on the same file ./traces/../x: json and tap'],
    [['json=x', 'json=x'], 'two reporters on the same file x: json and json'],
  ])('%j are refused, and nothing is written', async (values, what) => {
    const args = values.flatMap((value) => ['--reporter', value]);
    const { code, stdout, stderr, files } = await replayTraces([...args, 'traces']);
    expect({ code, stdout, files }).toEqual({ code: 2, stdout: '', files: {} });
    expect(stderr).toContain(`replay: ${what}`);
  });
});

describe('what cannot be asked for', () => {
  test.each([
    [
      'jsno',
      "unknown reporter 'jsno'; allowed: pretty, json, jsonl, junit, tap, github, sarif, agent, svg, html (did you mean json?)",
    ],
    [
      'x\u001b[1m',
      "unknown reporter 'x\\u{1b}[1m'; allowed: pretty, json, jsonl, junit, tap, github, sarif, agent, svg, html",
    ],
    [
      '__proto__',
      "unknown reporter '__proto__'; allowed: pretty, json, jsonl, junit, tap, github, sarif, agent, svg, html",
    ],
    ['json=', 'the reporter json has an empty file name; write json=<file>'],
    [
      'json=traces/agrees.jsonl',
      'the report json would replace traces/agrees.jsonl, which is read',
    ],
  ])('--reporter %j', async (value, what) => {
    const { code, stdout, stderr } = await replayTraces(['--reporter', value, 'traces']);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: `replay: ${what}\n` });
  });
});

describe('a file that cannot be written', () => {
  test.each(['json', 'jsonl', 'pretty'])(
    'is told, and the other reports complete: %s',
    async (name) => {
      const args = ['--reporter', `${name}=no/such/folder`, '--reporter', 'tap=out'];
      const { code, stderr, files } = await replayTraces([...args, 'traces/agrees.jsonl']);
      expect(code).toBe(2);
      expect(stderr).toContain(
        `no/such/folder: the report ${name} cannot be written: no such file`,
      );
      expect(CHECKS.tap(files.out ?? '')).toEqual([]);
    },
  );

  test.each(['json', 'jsonl'])('may be a folder: %s', async (name) => {
    const args = ['--reporter', `${name}=traces`, 'traces/agrees.jsonl'];
    const { code, stdout, stderr, files } = await replayTraces(args);
    expect({ code, files }).toEqual({ code: 2, files: {} });
    expect(stdout).toContain('no divergence');
    expect(stderr).toMatch(/^traces: the report .* cannot be written: /);
  });
});

describe('a report file', () => {
  test('keeps its permissions, and a link to it stays a link', () =>
    inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'a.jsonl'), AGREEING);
      writeFileSync(join(cwd, 'real'), 'old');
      chmodSync(join(cwd, 'real'), 0o640);
      symlinkSync('real', join(cwd, 'link'));
      await replay(['--reporter', 'json=link', 'a.jsonl'], { cwd });
      const list = await runProgram('ls', ['-l', 'link', 'real'], { cwd });
      expect(list.stdout).toMatch(/^lrwx.* link -> real$/m);
      expect(list.stdout).toMatch(/^-rw-r-----.* real$/m);
      expect(CHECKS.json(readFileSync(join(cwd, 'real'), 'utf8'))).toEqual([]);
    }));

  test('may be a pipe of the shell or a device', () =>
    inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'a.jsonl'), AGREEING);
      const script =
        '"$0" "$1" -q --reporter agent=>(sed s/^/got:/ >piped) --reporter json=/dev/null a.jsonl; wait; sleep 0.3';
      const path = new URL('../../bin/replay.js', import.meta.url).pathname;
      const { code } = await runProgram('bash', ['-c', script, process.execPath, path], { cwd });
      expect(code).toBe(0);
      expect(readFileSync(join(cwd, 'piped'), 'utf8')).toBe('got:ok: 1 file, 3 steps\n');
      expect(existsSync('/dev/null')).toBe(true);
    }));

  test('is complete though the reader of standard output went away', () =>
    inFolder(async (cwd) => {
      for (let at = 0; at < 200; at++) writeFileSync(join(cwd, `${at}.jsonl`), DIVERGING);
      const script = '"$0" "$1" --reporter json=out . | head -n 1';
      const path = new URL('../../bin/replay.js', import.meta.url).pathname;
      await runProgram('bash', ['-c', script, process.execPath, path], { cwd });
      const report = JSON.parse(readFileSync(join(cwd, 'out'), 'utf8'));
      expect(report.totals).toMatchObject({ files: 200, divergences: 400 });
    }));
});

describe('under GitHub Actions', () => {
  const env = { GITHUB_ACTIONS: 'true' };

  test('annotations go to standard error by themselves, whatever is on standard output', async () => {
    const { stdout, stderr } = await replayTraces(['--reporter', 'json', 'traces/diverges.jsonl'], {
      env,
    });
    expect(CHECKS.json(stdout)).toEqual([]);
    expect(stderr).toMatch(/^::error file=traces\/diverges\.jsonl,line=3,/);
  });

  test('they are not told twice when asked for', async () => {
    const { stdout, stderr } = await replayTraces(
      ['--reporter', 'github', 'traces/diverges.jsonl'],
      { env },
    );
    expect(stdout).toMatch(/^::error /);
    expect(stderr).toBe('');
  });

  test('the job summary is added to what other commands wrote', () =>
    inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'b.jsonl'), DIVERGING);
      const summary = join(cwd, 'summary.md');
      writeFileSync(summary, 'before\n');
      const { code } = await replay(['-q', 'b.jsonl'], {
        cwd,
        env: { ...env, GITHUB_STEP_SUMMARY: summary },
      });
      expect(code).toBe(1);
      expect(readFileSync(summary, 'utf8')).toMatch(
        /^before\n### replay: diverges\n[\s\S]*\| b\.jsonl \| /,
      );
    }));

  test('a job summary that cannot be written is told', async () => {
    const given = { env: { ...env, GITHUB_STEP_SUMMARY: 'no/such/file' } };
    const { code, stderr } = await replayTraces(['traces/agrees.jsonl'], given);
    expect(code).toBe(2);
    expect(stderr).toContain('no/such/file: the report github cannot be written: ');
  });
});

test('explanations are in json and jsonl when they are asked for', async () => {
  const args = ['--reporter', 'json=a', '--reporter', 'jsonl=b', 'traces/diverges.jsonl'];
  const { files } = await replayTraces(['--explain', ...args]);
  const decision = { fn: 'connect_server', rule: expect.stringMatching(/^connect\./) };
  const decisions = expect.arrayContaining([expect.objectContaining(decision)]);
  expect(JSON.parse(files.a ?? '').files[0].reported[0]).toMatchObject({ decisions });
  expect(JSON.parse((files.b ?? '').split('\n')[2] ?? '')).toMatchObject({ decisions });
  expect((await replayTraces(args)).files.a).not.toContain('"decisions"');
});

describe('the selection', () => {
  test('reports only steps within it, and counts the others', async () => {
    const args = ['--range', '1', '--reporter', 'json', 'traces/diverges.jsonl'];
    const { code, stdout } = await replayTraces(args);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).files).toMatchObject([
      { verdict: 'diverges', hidden: 2, matched: 1, reported: [] },
    ]);
  });

  test('of nothing is no success in any format', async () => {
    const args = ['--range', '77', '--reporter', 'tap', 'traces/agrees.jsonl'];
    const { code, stdout } = await replayTraces(args);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^not ok 1 - nothing selected$/m);
  });

  test('decides which steps jsonl has', async () => {
    const types = async (...args: string[]) => {
      const { stdout } = await replayTraces([
        ...args,
        '--reporter',
        'jsonl',
        'traces/diverges.jsonl',
      ]);
      return stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).number ?? JSON.parse(line).type);
    };
    expect(await types()).toEqual(['file', 1, 2, 3, 'end', 'run']);
    expect(await types('-q')).toEqual(['file', 2, 3, 'end', 'run']);
    expect(await types('--only', 'c1')).toEqual(['file', 2, 3, 'end', 'run']);
  });
});
