import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Capture, ONE_SERVER } from '../../../import/capture.ts';
import { AGREEING, INVALID, replay } from '../../run.ts';

/** One client's connection becomes private, another one asks for a connection. */
const CAPTURE = new Capture()
  .client('a')
  .request('a', 'a1', 'GET /a HTTP/1.1')
  .connect('b', 'b1')
  .response('b', 'b1', 'HTTP/1.1 401 X')
  .log({ auth: 'yes', st: '401' })
  .leave('b', 'b1', '0x10000300')
  .done('a', 'a1')
  .client('c')
  .request('c', 'c1', 'GET /other?x=\u001b[5m HTTP/1.1')
  .connect('d', 'd1')
  .response('d', 'd1')
  .log({ rq: '"GET /other?x= HTTP/1.1"', ci: '127.0.0.1:9', bi: '127.0.0.1:8' })
  .leave('d', 'd1')
  .done('c', 'c1');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-why-'));
  writeFileSync(join(folder, 'capture.txt'), CAPTURE.text);
  writeFileSync(join(folder, 'h.cfg'), ONE_SERVER);
  writeFileSync(join(folder, 'trace.jsonl'), AGREEING);
  writeFileSync(join(folder, 'invalid.jsonl'), INVALID);
});
afterAll(() => rmSync(folder, { recursive: true }));

const why = (args: readonly string[], input?: string) =>
  replay(['why', ...args], { cwd: folder, ...(input === undefined ? {} : { input }) });
const ofCapture = (...args: readonly string[]) =>
  why(['capture.txt', '--config', 'h.cfg', ...args]);

describe('replay why', () => {
  it('says of a request in a capture what rejected each connection, beside its lines', async () => {
    const { code, stdout } = await ofCapture('--request', 't2');
    expect(code).toBe(0);
    expect(stdout).toContain('request t2 of s2 asked for a connection to b/srv at step 7');
    expect(stdout).toMatch(/got {7}a new connection: c2\n/);
    expect(stdout).toMatch(/of {8}1 connection: 1 private, waiting for its session\n/);
    expect(stdout).toMatch(/c1 {8}not looked at: private, waits in the list of s1 — owned by s1/);
    expect(stdout).toMatch(/c1 is bound to s1/);
    expect(stdout).toMatch(/inferred {2}\d+: \[00\|h1\|5\|mux_h1\.c:1035\] rcvd H1 request/);
    expect(stdout).toContain('/other?x=\\u{1b}[5m');
    expect(stdout).not.toContain('\u001b');
  });

  it('takes a part of a request or a log line that no other request has', async () => {
    const { stdout } = await ofCapture('--request', '/other');
    expect(stdout).toBe((await ofCapture('--request', 't2')).stdout);
  });

  it('says who has held a connection, and who holds which in the end', async () => {
    const held = await ofCapture('--conn', 'c1');
    expect(held.stdout).toMatch(/private {3}since step 4\n/);
    expect(held.stdout).toMatch(/ {2}5– {8}private, waits in the list of s1 — owned by s1\n/);
    const all = await ofCapture();
    expect(all.stdout).toMatch(/^2 connections alive after \d+ steps\n/);
  });

  it('names the lines that it cannot quote, and none of a trace that was not imported', async () => {
    const imported = await replay(['import', 'capture.txt', '--config', 'h.cfg'], { cwd: folder });
    const { stdout } = await why(['-', '--request', 't2'], imported.stdout);
    expect(stdout).toMatch(/rests on {2}lines \d+, \d+, \d+, \d+, \d+ of the capture, inferred\n/);
    const piped = await why(['-', '--config', 'h.cfg', '--request', 't2'], CAPTURE.text);
    expect(piped.stdout).toBe(stdout);
    expect((await why(['trace.jsonl', '--conn', 'c1'])).stdout).not.toContain('rests on');
  });

  it('answers as JSON, with the lines by their numbers', async () => {
    const { stdout } = await ofCapture('--request', 't2', '--reporter', 'json');
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ why: 1, kind: 'request', id: 't2', rules: '2.6.0' });
    expect(answer.attempts[0].candidates[0]).toMatchObject({ id: 'c1', verdict: 'unseen' });
    const { lines } = answer.attempts[0].at.basis;
    expect(answer.capture[lines[0]]).toBe(CAPTURE.lines[lines[0] - 1]);
    for (const args of [['--conn', 'c1'], []]) {
      const other = await ofCapture(...args, '--reporter', 'json');
      expect(JSON.parse(other.stdout)).toMatchObject({ why: 1 });
    }
  });

  it.each([
    [['trace.jsonl', '--conn', 'c2'], '--conn c2: no connection has that id; did you mean c1?'],
    [['trace.jsonl', '--request', 't9'], '--request t9: no stream asks for a connection'],
    [['capture.txt', '--request', '/gone'], 'and no request or log line has it'],
    [['capture.txt', '--request', 'GET'], '2 requests have that in their lines: t1 (line 3), t2'],
    [['trace.jsonl', '--pid', '7'], '--pid: is of captures; this is a trace'],
    [['trace.jsonl', '--config', 'h.cfg'], '--config: is of captures; this is a trace'],
    [['trace.jsonl', 'trace.jsonl'], 'only one trace at a time; captures can be many'],
    [['h.cfg'], 'h.cfg: nothing to import'],
    [['nowhere.txt'], 'nowhere.txt: cannot be read: no such file or directory'],
    [['invalid.jsonl'], 'invalid.jsonl:2:'],
    [['trace.jsonl', '--rules', '1.5'], 'no rule set of'],
    [['trace.jsonl', '--conn', 'c1', '--request', 't1'], "cannot be used with option '--request"],
  ])('tells in a line what cannot be: %j', async (args, what) => {
    const { code, stdout, stderr } = await why(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(what);
  });
});
