import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Debounce } from '../../../src/cli/files/debounce.ts';
import { AGREEING, DIVERGING, INVALID, inFolder, REPLAY, replay } from '../run.ts';

/** A `replay --watch` that runs, and what it has printed so far. */
class Watching {
  readonly #child: ChildProcess;
  readonly #ended: Promise<{ code: number | null; signal: string | null }>;
  #notify: () => void = () => {};
  stdout = '';
  stderr = '';

  constructor(program: string, args: readonly string[], cwd: string) {
    const env = { PATH: process.env.PATH, TERM: 'xterm', NO_COLOR: '1' };
    const child = spawn(program, args, { cwd, env });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#notify();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#notify();
    });
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        resolve({ code, signal });
        this.#notify();
      });
    });
  }

  /** Waits until the output is as wanted, however slow the machine is; the test has a limit. */
  async until(isWanted: () => boolean): Promise<void> {
    while (!isWanted()) {
      const { exitCode, signalCode } = this.#child;
      if (exitCode !== null || signalCode !== null) {
        throw new Error(`ended with ${exitCode ?? signalCode}: ${this.stderr}`);
      }
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
    }
  }

  /** Waits for the n-th summary on standard output. */
  summaries(wanted: number): Promise<void> {
    return this.until(() => this.#summaryLines().length >= wanted);
  }

  #summaryLines(): string[] {
    return this.stdout.match(/^\d+ files?.*\n/gm) ?? [];
  }

  interrupt(): Promise<{ code: number | null; signal: string | null }> {
    this.#child.kill('SIGINT');
    return this.#ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

function hasScript(): boolean {
  return spawnSync('script', ['--version']).status === 0;
}

/** Runs `replay --watch` in a folder with the given files while a test acts on them. */
function watching(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  act: (watch: Watching, at: (path: string) => string) => Promise<void>,
): Promise<void> {
  return inFolder(async (folder) => {
    const at = (path: string): string => join(folder, path);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(at(path), '..'), { recursive: true });
      writeFileSync(at(path), content);
    }
    const watch = new Watching(process.execPath, [REPLAY, '--watch', ...args], folder);
    try {
      await act(watch, at);
    } finally {
      watch.kill();
    }
  });
}

/** Replaces a file at once, as an editor does: nobody ever sees a half of it. */
function put(path: string, content: string): void {
  writeFileSync(`${path}~`, content);
  renameSync(`${path}~`, path);
}

/** An event that diverges, at the end of any trace. */
const WRONG = `${JSON.stringify({
  event: 'session_new',
  sess: 's2',
  fe: 'fe',
  expect: { sess: { s2: { idle_conns: 5 } } },
})}\n`;
/** Empties the screen and goes to its first line. */
const CLEAR = '\x1b[2J\x1b[H';
const AGREES = '1 file, 3 steps, no divergence\n';

describe('--watch', () => {
  test('replays a file again when it changes, and ends with 130 by Ctrl-C', async () => {
    await watching({ 'a.jsonl': AGREEING }, ['-q', 'a.jsonl'], async (watch, at) => {
      await watch.summaries(1);
      expect(watch.stdout).toBe(AGREES);
      appendFileSync(at('a.jsonl'), WRONG);
      await watch.summaries(2);
      expect(watch.stdout).toContain('a.jsonl:5: step 4 diverges');
      expect(await watch.interrupt()).toEqual({ code: 130, signal: null });
      expect(watch.stderr).toBe('');
    });
  });

  test('clears nothing that is no terminal', async () => {
    await watching({ 'a.jsonl': AGREEING }, ['-q', 'a.jsonl'], async (watch, at) => {
      await watch.summaries(1);
      put(at('a.jsonl'), `${AGREEING}\n`);
      await watch.summaries(2);
      expect(watch.stdout).toBe(`${AGREES}\n${AGREES}`);
    });
  });

  test('clears a terminal before it replays again', async ({ skip }) => {
    if (!hasScript()) skip('script, which lends a terminal, is not installed (Debian: bsdutils)');
    await inFolder(async (cwd) => {
      const at = (path: string): string => join(cwd, path);
      writeFileSync(at('a.jsonl'), AGREEING);
      const command = `'${process.execPath}' '${REPLAY}' --watch -q a.jsonl`;
      const watch = new Watching('script', ['-qefc', command, '/dev/null'], cwd);
      try {
        await watch.until(() => watch.stdout.includes('watching 1 file; Ctrl-C ends'));
        expect(watch.stdout).not.toContain(CLEAR);
        put(at('a.jsonl'), `${AGREEING}\n`);
        await watch.until(() =>
          /no divergence[\s\S]*no divergence[\s\S]*Ctrl-C ends/.test(watch.stdout),
        );
        expect(watch.stdout).toContain(`${CLEAR}1 file, 3 steps, `);
      } finally {
        watch.kill();
      }
    });
  });

  test('replays only what changed of several files', async () => {
    const files = { 'a.jsonl': AGREEING, 'b.jsonl': AGREEING };
    await watching(files, ['--steps', 'none', '.'], async (watch, at) => {
      await watch.summaries(1);
      const first = watch.stdout.length;
      put(at('b.jsonl'), DIVERGING);
      await watch.summaries(2);
      const second = watch.stdout.slice(first);
      expect(second).toContain('b.jsonl:3: step 2 diverges');
      expect(second).not.toContain('a.jsonl');
    });
  });

  test('sees a file that an editor replaces', async () => {
    await watching({ 'a.jsonl': AGREEING }, ['-q', 'a.jsonl'], async (watch, at) => {
      await watch.summaries(1);
      put(at('a.jsonl'), DIVERGING);
      await watch.summaries(2);
      expect(watch.stdout).toContain('a.jsonl:3: step 2 diverges');
      put(at('a.jsonl'), AGREEING);
      await watch.summaries(3);
      expect(watch.stdout.endsWith(`\n\n${AGREES}`)).toBe(true);
    });
  });

  test('finds new files, also in new folders, and misses deleted ones', async () => {
    await watching({ 'old/a.jsonl': AGREEING }, ['-q', '.'], async (watch, at) => {
      await watch.summaries(1);
      mkdirSync(at('new/deep'), { recursive: true });
      put(at('new/deep/b.jsonl'), DIVERGING);
      await watch.summaries(2);
      expect(watch.stdout).toContain('new/deep/b.jsonl:3: step 2 diverges');
      rmSync(at('old/a.jsonl'));
      await watch.until(() => watch.stderr !== '');
      expect(watch.stderr).toBe('replay: old/a.jsonl is gone\n');
      put(at('old/a.jsonl'), AGREEING);
      await watch.summaries(3);
      expect(await watch.interrupt()).toEqual({ code: 130, signal: null });
    });
  });

  test('waits for what is not there yet, and tells problems once', async () => {
    await watching({ 'a.jsonl': INVALID }, ['-q', 'a.jsonl', 'later'], async (watch, at) => {
      await watch.summaries(1);
      mkdirSync(at('later'));
      put(at('later/b.jsonl'), AGREEING);
      await watch.summaries(2);
      put(at('a.jsonl'), AGREEING);
      await watch.summaries(3);
      expect(watch.stderr.match(/^later: cannot be read/gm)).toHaveLength(1);
      expect(watch.stderr.match(/^a\.jsonl:2:/gm)).toHaveLength(1);
    });
  });

  test('is refused for standard input and together with --shard', async () => {
    expect(await replay(['--watch', '-'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'replay: --watch: standard input (-) cannot be watched; name a file or directory\n',
    });
    const { code, stderr } = await replay(['--watch', '--shard', '1/2', '.']);
    expect(code).toBe(2);
    expect(stderr).toContain("'--watch' cannot be used with option '--shard <i/n>'");
  });
});

describe('a burst of changes', () => {
  const TIMES = { quiet_ms: 100, longest_ms: 1000 };

  /** Notes a change every 60 ms, so often, and tells after how many it settled. */
  async function settledAfter(changes: number): Promise<number> {
    const debounce = new Debounce(TIMES);
    let noted = 0;
    let settled = Number.POSITIVE_INFINITY;
    const end = debounce.settled(new AbortController().signal).then(() => {
      settled = noted;
    });
    for (; noted < changes && settled === Number.POSITIVE_INFINITY; noted++) {
      debounce.note();
      await vi.advanceTimersByTimeAsync(60);
    }
    await vi.advanceTimersByTimeAsync(TIMES.quiet_ms);
    await end;
    return settled;
  }

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('counts as one change, when there is a pause after it', async () => {
    expect(await settledAfter(5)).toBe(5);
  });

  test('that never ends is cut off', async () => {
    expect(await settledAfter(1000)).toBe(Math.floor(TIMES.longest_ms / 60));
  });

  test('is not lost when nobody waited for it', async () => {
    const debounce = new Debounce(TIMES);
    debounce.note();
    let isSettled = false;
    const end = debounce.settled(new AbortController().signal).then(() => {
      isSettled = true;
    });
    await vi.advanceTimersByTimeAsync(99);
    expect(isSettled).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await end;
  });

  test('need not happen for Ctrl-C to be heard', async () => {
    const stop = new AbortController();
    const end = new Debounce(TIMES).settled(stop.signal);
    stop.abort();
    await end;
    expect(vi.getTimerCount()).toBe(0);
  });
});
