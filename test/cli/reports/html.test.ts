import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { PackedTrace, TraceSummary } from '../../../src/report/page/told.ts';
import {
  AGREEING,
  DIVERGING,
  inFolder,
  longTrace,
  REPLAY,
  replay,
  replayIn,
  replayProcess,
  runProgram,
} from '../run.ts';

/** The elements of a page that carry data of one kind. */
function dataOf(html: string, kind: string): string[] {
  const elements = html.matchAll(
    new RegExp(`<script type="application/vnd.replay.${kind}[^"]*">([^<]*)</script>`, 'g'),
  );
  return [...elements].map(([, text = '']) => text);
}

function summariesOf(html: string): TraceSummary[] {
  return dataOf(html, 'summary').map((text) => JSON.parse(text));
}

function tracesOf(html: string): PackedTrace[] {
  return dataOf(html, 'lanes').map((text) =>
    JSON.parse(inflateSync(Buffer.from(text, 'base64')).toString()),
  );
}

async function pageOf(files: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
  const all = ['--reporter', 'html', ...args, ...Object.keys(files)];
  return (await replayIn(files, all)).stdout;
}

describe('--reporter html', () => {
  test('allows its own script and style, by their hashes, and nothing else', async () => {
    const html = await pageOf({ 'a.jsonl': AGREEING });
    const [, policy = ''] =
      /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const hashOf = (text: string): string =>
      `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
    const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(html) ?? [];
    expect(style.length).toBeGreaterThan(1000);
    expect(script.length).toBeGreaterThan(1000);
    expect(policy).toBe(
      `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`,
    );
  });

  test('has every trace of a run, by one process or by several', () =>
    inFolder(async (cwd) => {
      for (let at = 0; at < 12; at++) {
        writeFileSync(join(cwd, `${at}.jsonl`), at % 2 === 0 ? AGREEING : DIVERGING);
      }
      const by = async (jobs: number): Promise<string> => {
        const args = ['-q', '--reporter', `html=${jobs}.html`, '--jobs', String(jobs), '.'];
        await replayProcess(args, { cwd });
        return readFileSync(join(cwd, `${jobs}.html`), 'utf8');
      };
      const alone = await by(1);
      expect((await by(3)) === alone).toBe(true);
      const judged = summariesOf(alone).map(({ path, verdict }) => `${path} ${verdict}`);
      expect(judged).toHaveLength(12);
      expect(judged.slice(0, 3)).toEqual(['0.jsonl agrees', '1.jsonl diverges', '10.jsonl agrees']);
    }));

  test('has the steps within a range, and lanes of what a selection touches', async () => {
    const files = { 'a.jsonl': longTrace(20) };
    const [ranged] = tracesOf(await pageOf(files, '--range', '10-15'));
    expect([ranged?.first, ranged?.last, ranged?.steps.number.length]).toEqual([10, 15, 6]);
    const [only] = tracesOf(await pageOf(files, '--only', 't3'));
    expect(only?.steps.number).toEqual([6, 1]);
    expect(only?.pictures[0]?.connections.id).toHaveLength(1);
  });

  test('tells decisions without their being asked for, and nothing else changes by it', async () => {
    const files = { 'a.jsonl': DIVERGING };
    const args = ['--only', 's1', 'a.jsonl'];
    const before = await replayIn(files, args);
    const after = await replayIn(files, [
      '--reporter',
      'pretty',
      '--reporter',
      'html=p.html',
      ...args,
    ]);
    expect(after).toEqual(before);
    const [trace] = tracesOf(await pageOf(files));
    expect(trace?.rules.map(([id]) => id)).toContain('connect.new.owned');
  });

  test('is refused where there are no steps to show', async () => {
    const merged = await replay(['merge', '--reporter', 'html', 'x.json']);
    expect(merged).toMatchObject({ code: 2, stderr: expect.stringContaining('step by step') });
  });

  test('takes a small part of what the same steps take as lines', async () => {
    const files = { 'a.jsonl': longTrace(600) };
    const html = await pageOf(files);
    const args = ['--reporter', 'jsonl', '--steps', 'all', '--explain', 'a.jsonl'];
    const lines = (await replayIn(files, args)).stdout;
    const frame = html.length - dataOf(html, '').join('').length;
    expect(html.length - frame).toBeLessThan(lines.length / 10);
  });

  test('loads nothing of the page where none is asked for', () =>
    inFolder(async (cwd) => {
      const loadedBy = async (name: string): Promise<string> => {
        const env = { NODE_V8_COVERAGE: join(cwd, name) };
        const args = ['-q', '--reporter', name, resolve('traces/threads/purge.jsonl')];
        await replayProcess(args, { cwd, env });
        return readdirSync(join(cwd, name))
          .map((file) => readFileSync(join(cwd, name, file), 'utf8'))
          .join();
      };
      expect(/report\/page\//.test(await loadedBy('json'))).toBe(false);
      expect(/report\/page\//.test(await loadedBy('html'))).toBe(true);
    }));
});

describe.runIf(process.platform === 'linux')('the file of a page', () => {
  test('on a disk that is full is an error', async () => {
    const args = ['-q', '--reporter', 'html=/dev/full', 'traces/threads/purge.jsonl'];
    expect(await replay(args)).toMatchObject({
      code: 2,
      stderr:
        '/dev/full: the report html cannot be written: no space left on the device (ENOSPC)\n',
    });
  });

  test('is whole or what it was before', () =>
    inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'a.jsonl'), longTrace(500));
      writeFileSync(join(cwd, 'a.html'), 'before');
      const limited = 'ulimit -f 8; exec "$0" "$1" -q --reporter html=a.html a.jsonl';
      const { code, stderr } = await runProgram('sh', ['-c', limited, process.execPath, REPLAY], {
        cwd,
      });
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: 'a.html: the report html cannot be written: failed with EFBIG\n',
      });
      expect(readFileSync(join(cwd, 'a.html'), 'utf8')).toBe('before');
      expect(readdirSync(cwd).sort()).toEqual(['a.html', 'a.jsonl']);
      expect(existsSync(join(cwd, 'a.jsonl'))).toBe(true);
    }));
});
