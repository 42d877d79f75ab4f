import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replay, replayProcess, startReplay } from '../cli/run.ts';
import { CAN_RUN } from './stock.ts';

const TRACE = 'traces/scenarios/s4-ntlm-on-a-pooled-connection.after.jsonl';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-programs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program of a few lines of shell. */
function program(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${lines.join('\n')}\n`);
  chmodSync(path, 0o755);
  return path;
}

const haproxy = (version = '2.6.12-1'): string =>
  program('haproxy', `echo "HAProxy version ${version} 2023/03/28 - https://haproxy.org/"`);

/** What verifies a trace by a runner, on an haproxy that says who it is and nothing else. */
const verifying = (runner: string, trace: string): string[] => [
  'verify',
  '--haproxy',
  haproxy(),
  '--runner',
  runner,
  trace,
];

/** Whether a process does anything: one that has ended may wait for somebody to be told. */
function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** A program that does nothing for a minute, and notes that it is there, and what it started. */
function sleeper(name: string, pids: string, ...before: readonly string[]): string {
  const note = (what: string): string => `echo ${what} >>"${pids}"`;
  return program(name, ...before, note('$$'), 'sleep 60 &', note('$!'), 'wait');
}

const notedIn = (pids: string): number[] =>
  readFileSync(pids, 'utf8').trim().split('\n').map(Number);

/** What says that it is HAProxy, and has whatever it is asked for. */
const SAYS_VERSION = [
  'case "$1" in',
  '-v) echo "HAProxy version 2.6.12-1 2023/03/28"; exit 0 ;;',
  '-cc) exit 0 ;;',
  'esac',
];

describe('the programs that replay verify runs', () => {
  it('may be missing, which says where to get them', async () => {
    const none = await replay(['verify', '--haproxy', './none', TRACE]);
    expect(none.stderr).toContain('--haproxy ./none: there is no such program');
    const noRunner = await replay(['verify', '--haproxy', haproxy(), '--runner', './none', TRACE]);
    expect(noRunner.stderr).toMatch(/--runner \.\/none: there is no such program; .*varnish/);
    expect([none.code, noRunner.code]).toEqual([2, 2]);
  });

  it('may be no HAProxy, or one that no rule set answers for', async () => {
    const runner = program('runner', 'exit 0');
    const other = program('other', 'echo other 1.0');
    const no = await replay(['verify', '--haproxy', other, '--runner', runner, TRACE]);
    expect(no.stderr).toContain('-v does not say which version of HAProxy it is');
    const old = await replay(['verify', '--haproxy', haproxy('1.8.30'), '--runner', runner, TRACE]);
    expect(old.stderr).toContain(
      'no rule set answers for HAProxy 1.8.30; --rules names one, as 2.2.0',
    );
    expect([no.code, old.code]).toEqual([2, 2]);
  });

  it('may end before the first request, which is told', async () => {
    const runner = program('runner', 'echo "---- top   no address to be had"', 'exit 1');
    const { code, stdout } = await replay(verifying(runner, TRACE));
    expect(stdout).toMatch(/not reached:\s+top:\s+no address to be had/);
    expect(code).toBe(2);
  });

  it('end with the run that a signal ends, and no folder stays', async () => {
    const pids = join(folder, 'pids');
    const runner = sleeper('runner', pids);
    const temporary = mkdtempSync(join(folder, 'tmp-'));
    const args = verifying(runner, TRACE);
    const child = startReplay(args, { env: { TMPDIR: temporary } });
    child.stdin.end();
    child.stdout.resume();
    child.stderr.resume();
    const ended = new Promise((resolve) => child.on('close', resolve));
    while (!existsSync(pids) || readFileSync(pids, 'utf8').trim().split('\n').length < 2) {
      await pause(20);
    }
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    const left = notedIn(pids);
    for (let tries = 0; tries < 100 && left.some(isAlive); tries++) await pause(20);
    expect(left.filter(isAlive)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('are given up when they hang; nothing of them stays', async () => {
    const temporary = mkdtempSync(join(folder, 'tmp-'));
    const env = { TMPDIR: temporary };
    const pidsOf = (name: string): string => join(folder, `${name}.pids`);
    const mute = sleeper('mute', pidsOf('mute'));
    const runner = sleeper('runner', pidsOf('runner'));
    const hanging = sleeper('hanging', pidsOf('hanging'), ...SAYS_VERSION);
    const [ofMute, ofRunner, ofHanging] = await Promise.all([
      replayProcess(['verify', '--haproxy', mute, '--runner', runner, TRACE], { env }),
      replayProcess(verifying(runner, TRACE), { env }),
      CAN_RUN ? replayProcess(['verify', '--haproxy', hanging, TRACE], { env }) : null,
    ]);
    expect(ofMute.stderr).toMatch(/--haproxy .*mute: -v does not end within 10 seconds/);
    expect(ofRunner.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'not reached: it did not end within 10 seconds',
    );
    if (ofHanging !== null) {
      expect(ofHanging.stdout.replaceAll(/\s+/g, ' ')).toContain('not reached: it did not end');
    }
    const noted = ['mute', 'runner', ...(CAN_RUN ? ['hanging'] : [])].flatMap((name) =>
      notedIn(pidsOf(name)),
    );
    expect(noted.length).toBeGreaterThanOrEqual(4);
    for (let tries = 0; tries < 100 && noted.some(isAlive); tries++) await pause(20);
    expect(noted.filter(isAlive)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it.skipIf(!CAN_RUN)('may end before the first request: HAProxy, by what it says', async () => {
    const alert = 'echo "[ALERT]    (1) : config : no such thing" >&2';
    const dying = program('dying', ...SAYS_VERSION, alert, 'exit 1');
    const { code, stdout } = await replay(['verify', '--haproxy', dying, TRACE]);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('not reached: HAProxy: no such thing');
    expect(code).toBe(2);
  });

  it('may leave a script out, which is not taken for a result', async () => {
    const { code, stdout } = await replay(verifying(program('runner', 'exit 77'), TRACE));
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('not reached: the runner skipped it');
    expect(code).toBe(2);
  });

  it('may be no program at all, and no folder stays', async () => {
    const temporary = mkdtempSync(join(folder, 'tmp-'));
    const runner = join(folder, 'runner');
    writeFileSync(runner, '#!/nowhere/sh\n');
    chmodSync(runner, 0o755);
    const env = { TMPDIR: temporary };
    const { code, stderr } = await replayProcess(verifying(runner, TRACE), { env });
    expect(stderr).toMatch(/^replay: the script cannot be run: /m);
    expect(code).toBe(2);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('are not started for a trace that is invalid, whose problems are told', async () => {
    const ran = join(folder, 'ran');
    const invalid = join(folder, 'invalid.jsonl');
    writeFileSync(invalid, '{"trace":"haproxy-ownership/1"}\n{"event":"none"}\n');
    const runner = program('runner', `touch "${ran}"`);
    const { code, stdout, stderr } = await replay(verifying(runner, invalid));
    expect(stderr).toMatch(/invalid\.jsonl:2:\d+: /);
    expect(stdout).toMatch(/invalid: 1 problem/);
    expect(code).toBe(2);
    expect(existsSync(ran)).toBe(false);
  });

  it('are not started for what no script can bring about', async () => {
    const runner = program('runner', `touch "${join(folder, 'ran')}"`);
    const trace = 'traces/bugs/b1-retry-after-a-failed-listing-h2.after.jsonl';
    const { code, stdout } = await replay(verifying(runner, trace));
    expect(stdout).toMatch(/not exportable:\s+6:133:/);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
    expect(code).toBe(2);
  });
});

describe('reporters of replay verify', () => {
  it.each([
    ['json', /"kind":"not-exportable","line":6,"column":133|"kind": "not-exportable"/],
    ['jsonl', /^\{"type":"trace",.*"not-exportable".*\}\n\{"type":"run",.*\}\n$/],
    ['junit', /<testcase name="[^"]*" classname="traces\/bugs" time="0">\s+<skipped\/>/],
    ['tap', /^ok 1 - .* # SKIP not exportable: 6:133/m],
    ['sarif', /"ruleId": ?"not-exportable"/],
    ['github', /^$/],
    ['agent', /^ok: 1 trace, 0 as predicted, 1 not exportable\n$/],
  ])('%s tells what cannot be exported', async (name, told) => {
    const runner = program('runner', 'exit 0');
    const trace = 'traces/bugs/b1-retry-after-a-failed-listing-h2.after.jsonl';
    const options = ['--haproxy', haproxy(), '--runner', runner, '--reporter', name];
    expect((await replay(['verify', ...options, trace])).stdout).toMatch(told);
  });

  it('go to files as well, and none is drawn', async () => {
    const file = join(folder, 'report.xml');
    const args = verifying(program('runner', 'exit 0'), TRACE);
    const { stdout } = await replay([...args, '--reporter', `junit=${file}`]);
    expect(stdout).toContain('by the rules of 2.6.0');
    expect(readFileSync(file, 'utf8')).toMatch(/^<\?xml/);
    const drawn = await replay([...args, '--reporter', 'svg']);
    expect(drawn.stderr).toContain('the reporter svg draws one trace, as replay takes it');
    expect(drawn.code).toBe(2);
  });
});
