import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AGREEING, type Ended, inFolder, REPLAY, runProgram } from '../run.ts';
import { startReport } from './support.ts';

/** Long enough that a run waits for its pipe. */
const WHILE_MS = 100;

function makePipe(cwd: string): string {
  const path = join(cwd, 'pipe.jsonl');
  execFileSync('mkfifo', [path]);
  return path;
}

/** Runs the program as a shell does that redirects its standard input. */
function replayFrom(cwd: string, args: string): Promise<Ended> {
  const line = `exec "$0" "${REPLAY}" ${args}`;
  return runProgram('/bin/sh', ['-c', line, process.execPath], { cwd });
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test.each([
    ['that nobody writes to', false, ['pipe.jsonl']],
    ['whose writer says no more', true, ['pipe.jsonl']],
    [
      'among other files for several jobs',
      true,
      ['--jobs', '2', 'a.jsonl', 'pipe.jsonl', 'b.jsonl'],
    ],
  ])(
    'ends a run that waits for a pipe %s, and takes its temporary file along',
    (_, isWritten, args) =>
      inFolder(async (cwd) => {
        const pipe = makePipe(cwd);
        writeFileSync(join(cwd, 'b.jsonl'), AGREEING);
        const run = await startReport(cwd, ['--reporter', 'jsonl=out.jsonl', ...args]);
        try {
          if (isWritten) writeSync(openSync(pipe, 'w'), AGREEING);
          await new Promise((resolve) => setTimeout(resolve, WHILE_MS));
          run.child.kill(signal);
          // Told by the signal itself, which a shell takes for 130 or 143.
          expect(await once(run.child, 'close')).toEqual([null, signal]);
          expect(readdirSync(cwd).sort()).toEqual(['a.jsonl', 'b.jsonl', 'pipe.jsonl']);
        } finally {
          run.child.kill('SIGKILL');
        }
      }),
  );

  test('ends a minimisation that waits for a pipe', () =>
    inFolder(async (cwd) => {
      makePipe(cwd);
      const isAtWork = (): boolean => true;
      const run = await startReport(cwd, ['minimize', 'pipe.jsonl'], isAtWork);
      try {
        await new Promise((resolve) => setTimeout(resolve, 5 * WHILE_MS));
        run.child.kill(signal);
        expect(await once(run.child, 'close')).toEqual([null, signal]);
      } finally {
        run.child.kill('SIGKILL');
      }
    }));
});

describe('a pipe given by its path', () => {
  test.each(['-q', '--jobs 2 -q a.jsonl'])('is read to its end: %s', (args) =>
    inFolder(async (cwd) => {
      makePipe(cwd);
      writeFileSync(join(cwd, 'a.jsonl'), AGREEING);
      const ended = replayFrom(cwd, `${args} pipe.jsonl`);
      const writer = runProgram('/bin/sh', ['-c', 'cat a.jsonl > pipe.jsonl'], { cwd });
      const files = args.includes('a.jsonl') ? '2 files, 6' : '1 file, 3';
      expect(await ended).toEqual({
        code: 0,
        stdout: `${files} steps, no divergence\n`,
        stderr: '',
      });
      await writer;
    }),
  );

  test('is not updated, nor waited for', () =>
    inFolder(async (cwd) => {
      makePipe(cwd);
      const { code, stderr } = await replayFrom(cwd, '-u pipe.jsonl');
      expect(stderr).toBe('pipe.jsonl: not updated: only a regular file can be rewritten\n');
      expect(code).toBe(2);
    }));
});

describe('standard input that nothing can come from', () => {
  test.each([
    ['a directory', '< d', 'it is a directory; give its path instead of -'],
    ['closed', '<&-', 'it is closed, or /dev/null; give a trace: replay - < trace.jsonl'],
    ['the null device', '< /dev/null', 'it is closed, or /dev/null; give a trace: '],
    ['for writing only', '0> out', 'it is not open for that (EBADF)'],
  ])('says what it is: %s', (_, redirection, says) =>
    inFolder(async (cwd) => {
      mkdirSync(join(cwd, 'd'));
      const sets = '--from 21ddc74e8 --to 08016ab82';
      for (const args of ['-q -', `compare ${sets} -`, 'minimize -']) {
        const { code, stderr } = await replayFrom(cwd, `${args} ${redirection}`);
        expect(stderr, args).toContain(`<stdin>: cannot be read: ${says}`);
        expect(code, args).toBe(2);
      }
    }),
  );
});
