import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TITLE_MAX } from '../../../src/format/header.ts';
import { AGREEING, header, inFolder, REPLAY, replay, replayIn, runProgram } from '../run.ts';

/** More than there is time or memory for. */
const PATIENCE_S = 30;
const HEAP_MIB = 200;

const SETS = '--from 21ddc74e8 --to 08016ab82';

describe('an input without an end', () => {
  test.each([
    ["yes '{}'", '-q -', '<stdin>:10000:1: reading stops here: 10,000 problems'],
    ["yes '{}'", '-q --jobs 2 - a.jsonl', '<stdin>:10000:1: reading stops here: 10,000 problems'],
    ["yes '{}'", `compare ${SETS} -`, 'reading stops here: 10,000 problems'],
    ["yes '{}'", 'minimize -', 'reading stops here: 10,000 problems'],
    ["yes ''", '-q -', 'reading stops here: no header in 1,000,000 lines'],
    ['true', '-q /dev/zero', '/dev/zero:1:1: not a text file: it has a NUL byte'],
    ['true', `compare ${SETS} /dev/zero`, '/dev/zero:1:1: not a text file'],
    ['true', 'minimize /dev/zero', '/dev/zero:1:1: not a text file'],
    ['true', '-u /dev/zero', '/dev/zero: not updated: only a regular file can be rewritten'],
    ['true', 'merge /dev/zero', '/dev/zero: cannot be read: it is no text: it has a NUL byte'],
    ['true', 'explore /dev/zero', '/dev/zero: cannot be read: it is no text: it has a NUL byte'],
    ["yes '{}'", 'merge /dev/stdin', '/dev/stdin:2:1: not JSON'],
    ["yes '{}'", 'explore /dev/stdin', '/dev/stdin:2:1: '],
    ['yes', 'explore /dev/stdin', '/dev/stdin:1:1: '],
  ])('is told apart soon: %s | replay %s', (writer, args, says) =>
    inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'a.jsonl'), AGREEING);
      const limits = `--max-old-space-size=${HEAP_MIB}`;
      const line = `${writer} | timeout ${PATIENCE_S} "$0" ${limits} "${REPLAY}" ${args}`;
      const { code, stderr } = await runProgram('/bin/sh', ['-c', line, process.execPath], { cwd });
      expect(stderr).toContain(says);
      expect(code).toBe(2);
    }),
  );

  test('ends in a report with what stopped it', async () => {
    const text = header() + '{}\n'.repeat(20_000);
    const { stdout } = await replayIn({ 'a.jsonl': text }, ['--reporter', 'json', 'a.jsonl']);
    const [file] = JSON.parse(stdout).files;
    expect(file.problemCount).toBe(10_001);
    expect(file.problems.at(-1)).toMatchObject({ what: 'reading stops here: 10,000 problems' });
  });
});

describe('a file that is too large', () => {
  const big = (cwd: string, mebibytes: number): void => {
    writeFileSync(join(cwd, 'big.json'), '{"a":\n');
    truncateSync(join(cwd, 'big.json'), mebibytes * 1024 * 1024);
  };

  test.each([
    ['a report', 512, ['merge', 'big.json'], 'larger than 511 MiB, which is the most for a report'],
    ['a world', 17, ['explore', 'big.json'], 'larger than 16 MiB, which is the most for a world'],
  ])('is told: %s', (_, mebibytes, args, says) =>
    inFolder(async (cwd) => {
      big(cwd, mebibytes);
      const { code, stderr } = await replay(args, { cwd });
      expect(stderr).toBe(`big.json: cannot be read: it is ${says}\n`);
      expect(code).toBe(2);
    }),
  );
});

describe('a title', () => {
  test.each(['trace', 'world'])('of a %s has a length that a line can have', async (kind) => {
    const title = 'x'.repeat(TITLE_MAX + 1);
    const config = { frontends: { fe: {} }, backends: { b: {} } };
    const world = { world: 'haproxy-ownership-world/1', title, config };
    const bounds = { sessions: 1, streams: 1, connections: 1 };
    const file = kind === 'trace' ? header({ title }) : JSON.stringify({ ...world, ...bounds });
    const args = kind === 'trace' ? ['a.json'] : ['explore', 'a.json'];
    const { code, stderr } = await replayIn({ 'a.json': file }, args);
    expect(stderr).toContain(
      `title has ${TITLE_MAX + 1} characters; it must be a string of at most `,
    );
    expect(stderr).toMatch(/^a\.json:1:\d+: /);
    expect(code).toBe(2);
  });

  test('may have just that length', async () => {
    const text = AGREEING.replace('"a test"', JSON.stringify('x'.repeat(TITLE_MAX)));
    expect(await replayIn({ 'a.jsonl': text }, ['-q', 'a.jsonl'])).toMatchObject({ code: 0 });
  });
});

describe('a worker without enough memory', () => {
  test('is told as that, with its file; the others are judged', () =>
    inFolder(async (cwd) => {
      const alive = Array.from(
        { length: 250_000 },
        (_, at) => `{"event":"session_new","sess":"s${at}","fe":"fe"}\n`,
      );
      writeFileSync(join(cwd, 'alive.jsonl'), header() + alive.join(''));
      for (const name of ['a.jsonl', 'z.jsonl']) writeFileSync(join(cwd, name), AGREEING);
      const args = ['--max-old-space-size=64', REPLAY, '-q', '--jobs', '2', '.'];
      const { code, stdout, stderr } = await runProgram(process.execPath, args, { cwd });
      expect(stderr).toBe(
        'alive.jsonl: not judged: its worker ran out of memory; ' +
          'NODE_OPTIONS=--max-old-space-size=<MiB> gives each more\n',
      );
      expect(stdout).toContain('3 files (1 not judged), 6 steps, no divergence');
      expect(code).toBe(2);
    }));
});
