import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ruleSetNames } from '../../../../src/engine/index.ts';
import { Capture } from '../../../import/capture.ts';
import { replay } from '../../run.ts';

const CAPTURE = new Capture()
  .client('a')
  .exchange('a', 'b', { isNew: true, isFirst: true })
  .exchange('a', 'b')
  .release('a', 'F');
const CONFIG = `
defaults
  mode http
frontend fe
  default_backend b
backend b
  server srv 127.0.0.1:80
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-import-'));
  writeFileSync(join(folder, 'capture.txt'), CAPTURE.text);
  writeFileSync(join(folder, 'capture.txt.gz'), gzipSync(CAPTURE.text));
  writeFileSync(join(folder, 'h.cfg'), CONFIG);
  mkdirSync(join(folder, 'cfg'));
  writeFileSync(
    join(folder, 'cfg/10-defaults.cfg'),
    'defaults\n  mode http\n  http-reuse always\n',
  );
  writeFileSync(join(folder, 'cfg/20-b.cfg'), CONFIG.slice(CONFIG.indexOf('frontend')));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (args: readonly string[], input?: string) =>
  replay(args, { cwd: folder, ...(input === undefined ? {} : { input }) });

describe('replay import', () => {
  it('writes a trace that replay takes, and says on standard error what it rests on', async () => {
    const args = ['--config', 'h.cfg', '--rules', '2.2.0'];
    const { code, stdout, stderr } = await run(['import', 'capture.txt', ...args]);
    expect(code).toBe(0);
    expect(stderr).toMatchInlineSnapshot(`
      "  read     25 lines: 23 records, 2 log lines
        told     1 session, 2 streams, 1 connection
        events   9: 7 observed, 2 inferred, 0 guessed
        rules    2.2.0, as asked for
      "
    `);
    const judged = await run(['-q', '-'], stdout);
    expect(judged).toMatchObject({ code: 0, stdout: '1 file, 9 steps, no divergence\n' });
  });

  it('takes gzip, standard input and rotated files alike', async () => {
    const events = async (args: readonly string[], input?: string) => {
      const { stdout } = await run(['import', '--config', 'h.cfg', ...args], input);
      return stdout.slice(stdout.indexOf('\n'));
    };
    const plain = await events(['capture.txt']);
    expect(await events(['capture.txt.gz'])).toBe(plain);
    expect(await events(['-'], CAPTURE.text)).toBe(plain);
    const middle = CAPTURE.text.length >> 1;
    writeFileSync(join(folder, 'one'), CAPTURE.text.slice(0, middle));
    writeFileSync(join(folder, 'two'), CAPTURE.text.slice(middle));
    expect(await events(['one', 'two'])).toBe(plain);
  });

  it('writes to a file, under the rules that are asked for, with a directory as configuration', async () => {
    const args = ['--config', 'cfg', '--rules', '2.2.0', '--out', 'out.jsonl'];
    const { code, stdout, stderr } = await run(['import', 'capture.txt', ...args]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('rules    2.2.0, as asked for');
    const [header] = readFileSync(join(folder, 'out.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(header ?? '')).toMatchObject({
      rules: '2.2.0',
      config: { backends: { b: { 'http-reuse': 'always' } } },
    });
  });

  it('goes by the version that the capture names', async () => {
    const { stderr } = await run(
      ['import', '-', '--config', 'h.cfg'],
      `HA-Proxy version 2.2.0 2020/07/07\n${CAPTURE.text}`,
    );
    expect(stderr).toContain('rules    2.2.0, as HAProxy 2.2.0 is named');
    const unnamed = await run(['import', 'capture.txt', '--config', 'h.cfg']);
    expect(unnamed.stderr).toContain('a guess, as lines have the shape of 2.6 or later;');
  });

  it('tries all rule sets, takes one that agrees best, and says where others part', async () => {
    const auto = async (reuse: string) => {
      writeFileSync(join(folder, 'auto.cfg'), `${CONFIG}  http-reuse ${reuse}\n`);
      const text = new Capture()
        .add(...CAPTURE.lines)
        .client('c')
        .exchange('c', 'b', { isFirst: true }).text;
      return await run(['import', '-', '--config', 'auto.cfg', '--rules', 'auto'], text);
    };
    const agreed = await auto('always');
    expect(agreed.code).toBe(0);
    // All of them are told, with the one that is taken; the line of many goes on in the next.
    const told = agreed.stderr.replace(/\n {11}/g, ' ');
    for (const rules of ruleSetNames())
      expect(told).toMatch(new RegExp(`(?:rules|others).* ${rules}[,:]`));
    expect(told).toMatch(/rules {4}\S+, as none agrees better: no divergence\n/);
    const parted = (await auto('never')).stderr.replace(/\n {11}/g, ' ');
    expect(parted).toMatch(/rules {4}\S+, as none agrees better: [1-9]\d* divergence/);
    expect(parted).toMatch(/others {3}.*: [1-9]\d* divergences?, first at step \d+ \(/);
  });

  it('says what it assumes and what it could not read', async () => {
    writeFileSync(join(folder, 'odd.cfg'), `${CONFIG}  http-reuse sometimes\n`);
    const odd = await run(['import', 'capture.txt', '--config', 'odd.cfg']);
    expect(odd.stderr).toContain('unread   odd.cfg:8: http-reuse sometimes is not known');
    const { stderr } = await run(['import', '-'], `${CAPTURE.text}2 events dropped\n`);
    expect(stderr).toContain('assumed  no configuration was given');
    expect(stderr).toContain('gap      line 26: 2 records were lost');
  });

  it('says when rotated files are not given oldest first', async () => {
    const middle = CAPTURE.lines.length >> 1;
    const at = (second: number) => (line: string) =>
      `<0>2026-11-23T01:25:${second}.5+00:00 ${line}\n`;
    writeFileSync(join(folder, 'old'), CAPTURE.lines.slice(0, middle).map(at(10)).join(''));
    writeFileSync(join(folder, 'new'), CAPTURE.lines.slice(middle).map(at(20)).join(''));
    const right = await run(['import', 'old', 'new', '--config', 'h.cfg']);
    expect(right.stderr).not.toContain('gap');
    const wrong = await run(['import', 'new', 'old', '--config', 'h.cfg']);
    expect(wrong.code).toBe(0);
    expect(wrong.stderr.replace(/\n {11}/g, ' ')).toMatch(
      /gap {6}line \d+: this file is older than what stands before: rotated files are given oldest/,
    );
  });

  it('says when the configuration does not name what the capture does', async () => {
    writeFileSync(join(folder, 'other.cfg'), CONFIG.replaceAll('fe', 'web').replace('srv', 'app'));
    const { code, stderr } = await run(['import', 'capture.txt', '--config', 'other.cfg']);
    expect(code).toBe(0);
    expect(stderr.replace(/\n {11}/g, ' ')).toContain(
      'the configuration does not name frontend fe, server b/srv, which the capture does',
    );
  });

  it.each([
    ['9.9.1', '3.5-dev5'],
    ['1.8.30', '2.2.0'],
  ])(
    'takes the nearest rules for version %s, which nobody knows, and says so',
    async (version, rules) => {
      const text = `HAProxy version ${version} 2030/01/01\n${CAPTURE.text}`;
      const { code, stderr } = await run(['import', '-', '--config', 'h.cfg'], text);
      expect(code).toBe(0);
      expect(stderr).toContain(
        `rules    ${rules}, as HAProxy ${version} is named (no rule set is of`,
      );
    },
  );

  it('tells of a gzip that is cut, and of text that is no capture', async () => {
    writeFileSync(join(folder, 'cut.gz'), gzipSync(CAPTURE.text).subarray(0, 200));
    const cut = await run(['import', 'cut.gz']);
    expect(cut).toMatchObject({ code: 2, stdout: '' });
    expect(cut.stderr).toMatch(/^replay: cut\.gz: cannot be read: /);
    writeFileSync(join(folder, 'utf16.txt'), `\ufeff${CAPTURE.text}`, 'utf16le');
    expect(await run(['import', 'utf16.txt'])).toMatchObject({ code: 2, stdout: '' });
  });

  it.each([
    [['nowhere.txt'], 'nowhere.txt: cannot be read: no such file or directory (ENOENT)'],
    [['h.cfg'], 'h.cfg: nothing to import: there is no record of h1, h2 or fcgi'],
    [['capture.txt', '--config', 'nowhere'], '--config nowhere: cannot be read: no such file'],
    [['capture.txt', '--rules', '1.5'], 'no rule set of'],
    [['capture.txt', '--pid', 'x'], '--pid x: must be a number'],
    [['capture.txt', '--out', 'capture.txt'], '--out capture.txt: is the trace that is read'],
  ])('tells in a line what cannot be: %j', async (args, what) => {
    const { code, stdout, stderr } = await run(['import', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(what);
  });
});

describe('replay', () => {
  it('says of a capture that it is one, and how to import it', async () => {
    const what = 'this is a capture of what HAProxy printed, and no trace; import it first';
    const { code, stderr } = await run(['-q', 'capture.txt']);
    expect(code).toBe(2);
    expect(stderr).toBe(`capture.txt:1:1: ${what}: replay import capture.txt | replay -\n`);
    const logOnly = await run(['-q', '-'], new Capture().log().text);
    expect(logOnly.stderr).toContain(`${what}: replay import - | replay -`);
  });
});
