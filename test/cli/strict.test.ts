import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { invariantName } from '../../src/format/index.ts';
import { AGREEING, header, inFolder, replay, replayProcess, trace } from './run.ts';

const CONFIG = {
  frontends: { fe: {} },
  backends: { b: { 'http-reuse': 'always' } },
  servers: { 'b/srv': { proto: 'h2' } },
};

/** An H2 connection that is pooled with its owner, whose end it survives. */
function dangling(pooled: object = {}, freed: object = {}): string {
  const events = [
    { event: 'session_new', sess: 's1', fe: 'fe' },
    { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', conn: 'c1' },
    { event: 'detach', strm: 't1', ...pooled },
    { event: 'session_free', sess: 's1', ...freed },
  ];
  const lines = events.map((event) => `${JSON.stringify(event)}\n`);
  return header({ title: 'a test', config: CONFIG }) + lines.join('');
}

const STATED = dangling(
  { expect: { broken: ['pooled-has-no-owner'] } },
  { expect: { broken: ['owner-is-live'] } },
);

describe('findings', () => {
  it('stand below their step, and do not change the exit code', async () => {
    const { code, stdout, stderr } = await replay(['-'], { input: dangling() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(
      '      ! pooled-has-no-owner  c1 is in the idle pool, and points to s1\n',
    );
    expect(stdout).toMatch(
      /\n +4 {2}session_free[\s\S]*\n {6}! owner-is-live {2}c1 points to s1, which/,
    );
    expect(stdout).toMatch(/\n1 file, 4 steps, no divergence, 2 findings\n$/);
  });

  it('are marked as expected where the trace states them, and not counted', async () => {
    const { code, stdout } = await replay(['--strict', '-'], { input: STATED });
    expect(code).toBe(0);
    expect(stdout).toContain('! owner-is-live  c1 points to s1, which has ended (expected)\n');
    expect(stdout).toMatch(/\n1 file, 4 steps, no divergence\n$/);
  });

  it('are only counted by --quiet', async () => {
    const { code, stdout } = await replay(['-q', '-'], { input: dangling() });
    expect(code).toBe(0);
    expect(stdout).toBe('1 file, 4 steps, no divergence, 2 findings\n');
  });

  it('are shown for an object whose owner ends, though the event does not name it', async () => {
    const { stdout } = await replay(['--only', 'c1', '-'], { input: dangling() });
    expect(stdout).toContain('! owner-is-live  c1 points to s1');
  });

  it('have no control character in their text', async () => {
    const input = dangling().replaceAll('"c1"', '"c\\u001b[31m"');
    const { stdout } = await replay(['-'], { input });
    expect(stdout).toContain('! owner-is-live  c\\u{1b}[31m points to s1');
    expect(stdout).not.toContain('\u001b');
  });
});

describe('--strict', () => {
  it('makes a finding that the trace does not state a divergence', async () => {
    const { code } = await replay(['--strict', '-'], { input: dangling() });
    expect(code).toBe(1);
  });

  it('makes nothing of a trace that breaks nothing', async () => {
    const { code } = await replay(['--strict', '-'], { input: AGREEING });
    expect(code).toBe(0);
  });

  it('tells each under --quiet, with its place, its source and how to see it again', async () => {
    await inFolder(async (cwd) => {
      const input = dangling({ expect: { broken: ['pooled-has-no-owner'] } });
      writeFileSync(join(cwd, 'a.jsonl'), input);
      const { code, stdout } = await replay(['-q', '--strict', 'a.jsonl'], { cwd });
      expect(code).toBe(1);
      expect(stdout).toBe(
        [
          'a.jsonl  rules 08016ab82',
          '  a test',
          '',
          'a.jsonl:5: step 4 breaks a promise: session_free s1',
          '  ! owner-is-live  c1 points to s1, which has ended',
          '    from V6, V18; B8',
          '  again    replay --strict --range 4 a.jsonl',
          '',
          '1 file, 4 steps, no divergence, 1 finding',
          '',
        ].join('\n'),
      );
    });
  });

  it('shows the steps that break something under --steps diverging', async () => {
    const { stdout } = await replay(['--strict', '--steps', 'diverging', '-'], {
      input: dangling(),
    });
    expect(stdout).toMatch(/ 3 {2}detach/);
    expect(stdout).not.toMatch(/ 2 {2}connect_server/);
  });

  it('does the same with several jobs', async () => {
    await inFolder(async (cwd) => {
      for (const name of ['a', 'b', 'c']) writeFileSync(join(cwd, `${name}.jsonl`), dangling());
      const run = (jobs: string) => replayProcess(['-q', '--strict', '--jobs', jobs, '.'], { cwd });
      const [one, two] = await Promise.all([run('1'), run('2')]);
      expect(two).toEqual(one);
      expect(one.code).toBe(1);
      expect(one.stdout).toContain('c.jsonl:5: step 4 breaks a promise');
    });
  });
});

describe('--strict with severities', () => {
  const HINT = trace(
    { event: 'session_new', sess: 's1', fe: 'fe' },
    { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', conn: 'c1' },
    {
      event: 'http_wait_for_response',
      strm: 't1',
      status: 200,
      headers: { 'WWW-Authenticate': ['Negotiate x'] },
    },
  );
  const CRASH = trace(
    { event: 'session_new', sess: 's1', fe: 'fe' },
    {
      event: 'connect_server',
      strm: 't1',
      sess: 's1',
      target: 'b/srv',
      conn: 'c1',
      fail: ['connection'],
    },
  );

  it.each([
    ['--strict', 1, 1, 1],
    ['--strict=hint', 1, 0, 0],
    ['--strict=crash,broken', 0, 1, 1],
    ['--strict=broken', 0, 0, 1],
    ['--strict crash', 0, 1, 0],
    ['--strict hint,broken', 1, 0, 1],
  ])('%s', async (option, hint, crash, promise) => {
    const codes = [HINT, CRASH, dangling()].map(async (input) => {
      return (await replay([...option.split(' '), '-'], { input })).code;
    });
    expect(await Promise.all(codes)).toEqual([hint, crash, promise]);
  });

  it('tells how severe a finding is', async () => {
    expect((await replay(['-'], { input: HINT })).stdout).toMatch(
      /! authenticated-is-not-shared[\s\S]*\(hint\)/,
    );
    expect((await replay(['-'], { input: CRASH })).stdout).toMatch(/! no-crash[\s\S]*\(crash\)/);
    const quiet = await replay(['-q', '--strict', '-'], { input: HINT });
    expect(quiet.stdout).toContain('<stdin>:4: step 3 deserves a look: http_wait_for_response t1');
  });

  it('does not take a path for a list', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'trace.jsonl'), HINT);
      writeFileSync(join(cwd, 'hint'), HINT);
      expect(await replay(['--strict', 'trace.jsonl'], { cwd })).toMatchObject({ code: 1 });
      expect(await replay(['--strict', '--', 'hint'], { cwd })).toMatchObject({ code: 1 });
      expect(await replay(['--strict', './hint'], { cwd })).toMatchObject({ code: 1 });
      expect(await replay(['trace.jsonl', '--strict'], { cwd })).toMatchObject({ code: 1 });
    });
  });

  it('refuses what is no severity', async () => {
    const { code, stderr } = await replay(['--strict=brokn', '-'], { input: HINT });
    expect(code).toBe(2);
    expect(stderr).toBe(
      "replay: unknown severity 'brokn'; allowed: crash, broken, hint (did you mean broken?)\n",
    );
  });

  it('is part of the command that shows a step again', async () => {
    const { stdout } = await replay(['-q', '--strict=hint', '-'], { input: HINT });
    expect(stdout).toContain('replay --strict=hint --range 3 -');
  });

  it('is kept by a report, and by a merge of reports', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'a.jsonl'), HINT);
      const args = ['-q', '--strict=broken', '--reporter', 'json=a.json', 'a.jsonl'];
      expect((await replay(args, { cwd })).code).toBe(0);
      const { stdout, code } = await replay(['merge', '--reporter', 'json', 'a.json'], { cwd });
      expect(code).toBe(0);
      const { options, totals } = JSON.parse(stdout);
      expect(options).toMatchObject({ strict: true, severities: ['broken'] });
      expect(totals.unstatedBy).toEqual({ crash: 0, broken: 0, hint: 1 });
    });
  });
});

describe('expect.broken', () => {
  it('diverges where the step breaks something else', async () => {
    const input = dangling({}, { expect: { broken: ['no-orphan'] } });
    const { code, stdout } = await replay(['-q', '-'], { input });
    expect(code).toBe(1);
    expect(stdout).toMatch(/broken +\[no-orphan\] +\[owner-is-live\]/);
  });

  it('is refused with a name that there is not', async () => {
    const input = dangling({}, { expect: { broken: ['owner-is-alive'] } });
    const { code, stderr } = await replay(['-q', '-'], { input });
    expect(code).toBe(2);
    expect(stderr).toContain('owner-is-alive');
    expect(stderr).toContain('owner-is-live');
  });
});

describe('--invariant', () => {
  it('selects what is checked', async () => {
    const { stdout } = await replay(['--invariant', 'owner-is-live,no-orphan', '-'], {
      input: dangling(),
    });
    expect(stdout).toContain('! owner-is-live');
    expect(stdout).not.toContain('pooled-has-no-owner');
  });

  it('is refused with a name that there is not, with all that there are', async () => {
    const { code, stdout, stderr } = await replay(['--invariant', 'no-orphans', '-'], {
      input: AGREEING,
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const allowed = invariantName.options.join(', ');
    expect(stderr).toBe(
      `replay: unknown invariant 'no-orphans'; allowed: ${allowed} (did you mean no-orphan?)\n`,
    );
  });
});

describe('replay invariants', () => {
  it('lists every invariant, what it says and where it comes from', async () => {
    const { code, stdout } = await replay(['invariants']);
    expect(code).toBe(0);
    expect(stdout.match(/^[a-z][a-z-]*$/gm)).toEqual(invariantName.options);
    expect(stdout).toContain(
      'owner-is-live\n' +
        '  No connection points to a session that has ended.\n' +
        '  severity broken; from V6, V18; B8; promised under every rule set\n',
    );
    expect(stdout).toMatch(/promised\s+from\s+08016ab82\s+on\n/);
  });
});
