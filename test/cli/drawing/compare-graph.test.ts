import { describe, expect, test } from 'vitest';
import { columnsOf } from '../../../src/report/text/layout.ts';
import { AGREEING, replay, replayIn } from '../run.ts';

const SETS = ['--from', '21ddc74e8', '--to', '08016ab82'];
const PARTS = 'traces/session-list/listed-after-the-handshake.after.jsonl';

describe('replay compare --graph', () => {
  test('shows the lanes of both sides up to the step at which they part, and why', async () => {
    const { stdout, code } = await replay(['compare', '--graph', ...SETS, PARTS]);
    expect(code).toBe(1);
    const [, , body = '', end] = stdout.split('\n\n');
    expect(body.split('\n').slice(0, 9)).toEqual([
      '╭ 21ddc74e8: sessions',
      '│   ╭ 21ddc74e8: b/srv',
      '│   │    ╭ 08016ab82: sessions',
      '│   │    │   ╭ 08016ab82: b/srv',
      'A      │ A      1  session_new s1 fe                      ok',
      'A───┊A │ A───┊A 2  connect_server t1 s1 b/srv c1          = NONE, new c1',
      'A   ┊A │ A   ┊A 3  conn_create_mux c1 mux=h1              = 0',
      'A   ┊  │ A   ┊    they part:',
      'A   ┊  │ A   ┊    field              from  to',
    ]);
    expect(body).toContain('create-mux.private-listed');
    expect(body).not.toContain('detach');
    expect(end).toBe('1 file, 4 steps, 2 steps differ: 2 by 2 causes\n');
  });

  test('tells both outcomes where these differ', async () => {
    const path = 'traces/releases/2.3.0/creator-ends-first.after.jsonl';
    const sets = ['--from', '08016ab82', '--to', '2.3.0'];
    const { stdout } = await replay(['compare', '--graph', ...sets, path]);
    expect(stdout).toContain(
      '   B   □! │    B   △! 7  detach t2  ok │ crash in session_unown_conn\n',
    );
  });

  test('shows all of a trace on which they do not part', async () => {
    const files = { 'a.jsonl': AGREEING };
    const sets = ['--from', '2.6.0', '--to', '2.8.0'];
    const args = ['compare', '--graph', '--glyphs', 'ascii', ...sets, 'a.jsonl'];
    const { stdout, code } = await replayIn(files, args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^A {3}i {2}\| A {3}i {2}3 {2}detach t1/m);
    expect(stdout).not.toContain('they part');
  });

  test('shows the steps that are selected', async () => {
    const { stdout } = await replay(['compare', '--graph', '--range', '2', ...SETS, PARTS]);
    expect(stdout.match(/ \d {2}[a-z_]+ /g)).toEqual([' 2  connect_server ']);
  });

  test('has no line that is wider than the terminal', async () => {
    for (const columns of [40, 80, 120]) {
      const args = ['compare', '--graph', '--color', 'never', ...SETS, PARTS];
      const { stdout } = await replay(args, { columns });
      expect(stdout.split('\n').filter((line) => columnsOf(line) > columns)).toEqual([]);
    }
  });

  test.each([
    ['--rules=all', "option '--graph' cannot be used with option '--rules <sets>'"],
    ['-q', "option '--graph' cannot be used with option '-q, --quiet'"],
  ])('is an error with %s', async (option, what) => {
    const { code, stderr } = await replay(['compare', '--graph', option, PARTS]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(what) });
  });
});
