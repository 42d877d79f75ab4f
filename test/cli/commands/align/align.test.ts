import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AGREEING, INVALID, inFolder, replay, trace } from '../../run.ts';

const connect = (strm: string, conn: string, more: object) => ({
  ...{ event: 'connect_server', strm, sess: 's1', target: 'b/srv', conn },
  ...more,
});
/** The end of a stream is missing. */
const MISSING = trace(
  { event: 'session_new', sess: 's1', fe: 'fe' },
  connect('t1', 'c1', { source: { lines: [3, 4], certainty: 'inferred' } }),
  connect('t2', 'c1', { not_first: true, expect: { reused: true } }),
);
const AGAIN = { not_first: true, expect: { reused: true } };
/** A connection is used twice after its end. */
const GONE = trace(
  { event: 'session_new', sess: 's1', fe: 'fe' },
  connect('t1', 'c1', {}),
  { event: 'detach', strm: 't1', idle: false, expect: { conn: { c1: null } } },
  connect('t2', 'c1', AGAIN),
  { event: 'detach', strm: 't2' },
  connect('t3', 'c1', AGAIN),
);

describe('replay align', () => {
  it('writes a trace that fits to standard output, and what it took to standard error', async () => {
    const { code, stdout, stderr } = await replay(['align', '-'], { input: MISSING });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        '4 events that fit 08016ab82, at a cost of 1: 1 added, 0 moved, 0 dropped, 0 that\n' +
        '  expect less than they did\n',
    });
    const [head, , , added] = stdout.split('\n').map((line) => JSON.parse(line || 'null'));
    expect(head).toMatchObject({
      rules: '08016ab82',
      source: { aligned: { added: 1, moved: 0, amended: 0, relaxed: 0, dropped: 0, left: [] } },
    });
    expect(added).toMatchObject({ event: 'detach', strm: 't1', source: { certainty: 'guessed' } });
    expect(await replay(['-q', '-'], { input: stdout })).toMatchObject({ code: 0 });
  });

  it('writes to a file, under the rules that are asked for', () =>
    inFolder(async (cwd) => {
      const args = ['align', '-', '--rules', '2.4.0', '--out', 'out.jsonl'];
      const { code, stdout, stderr } = await replay(args, { cwd, input: MISSING });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('4 events that fit 2.4.0');
      expect(readFileSync(join(cwd, 'out.jsonl'), 'utf8')).toContain('"rules":"2.4.0"');
    }));

  it('leaves what contradicts itself, and says where', async () => {
    const { code, stdout, stderr } = await replay(['align', '-'], { input: GONE });
    expect(code).toBe(1);
    expect(stderr).toContain('nothing fits at 5, 7');
    expect(JSON.parse(stdout.split('\n')[0] ?? '').source.aligned.left).toEqual([5, 7]);
    expect(await replay(['-q', '-'], { input: stdout })).toMatchObject({ code: 1 });
  });

  it('changes nothing where all fits', async () => {
    const { code, stdout, stderr } = await replay(['align', '-'], { input: AGREEING });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toContain('at a cost of 0');
    expect(stdout.split('\n').slice(1)).toEqual(AGREEING.split('\n').slice(1));
  });

  it.each([
    [['-'], INVALID, '<stdin>:2:'],
    [['nowhere.jsonl'], '', 'nowhere.jsonl: cannot be read: no such file or directory'],
    [['-', '--rules', '1.5'], AGREEING, 'no rule set of'],
    [['-', '--out', '.'], AGREEING, '--out .: is a directory'],
  ])('tells in a line what cannot be: %j', async (args, input, what) => {
    const { code, stdout, stderr } = await replay(['align', ...args], { input });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(what);
  });
});
