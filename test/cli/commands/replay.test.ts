import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AGREEING, DIVERGING, inFolder, REPLAY, replay, replayIn, runProgram } from '../run.ts';

describe('a trace that agrees', () => {
  test('shows every step, says nothing on stderr, and exits with 0', async () => {
    const { code, stdout, stderr } = await replayIn({ 'a.jsonl': AGREEING }, ['a.jsonl']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "a.jsonl  rules 08016ab82
        a test
         1  session_new             s1 fe                   ok
            sess s1    new  idle_conns 0  prefer_last false  srv_list []
         2  connect_server          t1 s1 b/srv             = NONE, new c1
            calls      conn_new() = c1
            conn c1    new  owner s1  target b/srv  mux h1  streams [t1]
                       used_streams 1  io [XPRT_READY WAIT_XPRT]
            srv b/srv  curr_used_conns, max_used_conns, est_need_conns 0 → 1
         3  detach                  t1                      ok
            calls      srv_add_to_idle_list(b/srv, c1, 0) = 1
            conn c1    owner s1 → null  flags [] → [IDLE_LIST]  list null → idle
                       streams [t1] → []  used_streams 1 → 0  avail_streams 0 → 1
            srv b/srv  idle [] → [c1]  purge_due null → true  curr_used_conns 1 → 0
                       curr_idle_conns, curr_idle_nb 0 → 1

      1 file, 3 steps, no divergence
      "
    `);
  });

  test('is a summary only, when quiet', async () => {
    const { code, stdout } = await replayIn({ 'a.jsonl': AGREEING }, ['-q', 'a.jsonl']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1 file, 3 steps, no divergence\n' });
  });

  test('has a head and no steps with --steps none', async () => {
    const args = ['--steps', 'none', 'a.jsonl', 'b.jsonl'];
    const { stdout } = await replayIn({ 'a.jsonl': AGREEING, 'b.jsonl': AGREEING }, args);
    expect(stdout).toMatchInlineSnapshot(`
      "a.jsonl  rules 08016ab82
        a test
        3 steps, no divergence

      b.jsonl  rules 08016ab82
        a test
        3 steps, no divergence

      2 files, 6 steps, no divergence
      "
    `);
  });

  test('shows the whole state with --full', async () => {
    const args = ['--full', '--range', '2-', 'a.jsonl'];
    const { stdout } = await replayIn({ 'a.jsonl': AGREEING }, args);
    expect(stdout).toMatchInlineSnapshot(`
      "a.jsonl  rules 08016ab82
        a test
         2  connect_server          t1 s1 b/srv             = NONE, new c1
            calls      conn_new() = c1
            sess s1    idle_conns 0  prefer_last false  srv_list []
          * conn c1    owner s1  target b/srv  mux h1  streams [t1]  used_streams 1
                       io [XPRT_READY WAIT_XPRT]
          * srv b/srv  curr_used_conns 1  max_used_conns 1  est_need_conns 1
         3  detach                  t1                      ok
            calls      srv_add_to_idle_list(b/srv, c1, 0) = 1
            sess s1    idle_conns 0  prefer_last false  srv_list []
          * conn c1    owner null  flags [IDLE_LIST]  list idle  target b/srv  mux h1
                       avail_streams 1  io [XPRT_READY WAIT_XPRT]
          * srv b/srv  idle [c1]  curr_idle_conns 1  curr_idle_nb 1  max_used_conns 1
                       est_need_conns 1  purge_due true

      1 file, 3 steps, no divergence
      "
    `);
  });

  test('gives the same bytes from another folder, and twice', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'a.jsonl'), AGREEING);
      const here = await replay(['a.jsonl'], { cwd: folder });
      const again = await replay(['a.jsonl'], { cwd: folder });
      const there = await replay([join(folder, 'a.jsonl')], { cwd: '/' });
      expect(again).toEqual(here);
      expect(there.stdout.replace(`${folder}/`, '')).toBe(here.stdout);
    });
  });
});

describe('a trace that diverges', () => {
  test('shows the first cause, folds the rest, and exits with 1', async () => {
    const { code, stdout, stderr } = await replayIn({ 'd.jsonl': DIVERGING }, ['-q', 'd.jsonl']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "d.jsonl  rules 08016ab82
        a test

      d.jsonl:3: step 2 diverges: connect_server t1 s1 b/srv c1
        field          expected   actual
        conn.c1.owner  null       s1
          decided by connect_server (src/backend.c)
          connect.new.owned · c1 belongs to s1 from its creation
        conn.c1.flags  [PRIVATE]  []
          decided by conn_new (include/haproxy/connection.h)
          conn.new · c1 is created, towards b/srv: nobody’s, not private, without a
            mux, in no list
        again    replay --range 2 d.jsonl

        and 1 divergence at 1 later step follows from step 2 (--all-divergences)

      1 file, 3 steps, 2 divergences (1 more follows from them)
      "
    `);
  });

  test('shows only the diverging steps with --steps diverging', async () => {
    const args = ['--steps', 'diverging', 'd.jsonl'];
    const { stdout } = await replayIn({ 'd.jsonl': DIVERGING }, args);
    expect(stdout).toMatchInlineSnapshot(`
      "d.jsonl  rules 08016ab82
        a test
         2  connect_server          t1 s1 b/srv  = NONE, new c1, 2 divergences
            calls      conn_new() = c1
            conn c1    new  owner s1  target b/srv  mux h1  streams [t1]
                       used_streams 1  io [XPRT_READY WAIT_XPRT]
            srv b/srv  curr_used_conns, max_used_conns, est_need_conns 0 → 1

      d.jsonl:3: step 2 diverges: connect_server t1 s1 b/srv c1
        field          expected   actual
        conn.c1.owner  null       s1
          decided by connect_server (src/backend.c)
          connect.new.owned · c1 belongs to s1 from its creation
        conn.c1.flags  [PRIVATE]  []
          decided by conn_new (include/haproxy/connection.h)
          conn.new · c1 is created, towards b/srv: nobody’s, not private, without a
            mux, in no list
        again    replay --range 2 d.jsonl

        and 1 divergence at 1 later step follows from step 2 (--all-divergences)

      1 file, 3 steps, 2 divergences (1 more follows from them)
      "
    `);
  });

  test('is judged as a whole, whatever is selected', async () => {
    const { code, stdout } = await replayIn({ 'd.jsonl': DIVERGING }, ['--range', '1', 'd.jsonl']);
    expect(code).toBe(1);
    expect(stdout).toContain('2 divergences at steps that are not shown\n');
  });

  test('shows the command that really shows it again', async () => {
    await inFolder(async (folder) => {
      const name = "it's $HOME.jsonl";
      writeFileSync(join(folder, name), DIVERGING);
      const { stdout } = await replay(['-q', name], { cwd: folder });
      const command = /again +replay (.*)/.exec(stdout)?.[1];
      const line = `"$0" "$1" ${command}`;
      const again = await runProgram('bash', ['-c', line, process.execPath, REPLAY], {
        cwd: folder,
      });
      expect(again.code).toBe(1);
      expect(again.stdout).toContain(`${name}:3: step 2 diverges: connect_server`);
    });
  });
});

describe('a selection', () => {
  test('by id shows the life of one object', async () => {
    const { stdout } = await replayIn({ 'a.jsonl': AGREEING }, ['--only', 'c1', 'a.jsonl']);
    const steps = stdout.split('\n').filter((line) => /^ {3}\d/.test(line));
    expect(steps.map((line) => line.slice(6).split(' ')[0])).toEqual(['connect_server', 'detach']);
  });

  test.each([[['--only', 'nobody']], [['--range', '90-']], [['-q', '--only', 'nobody']]])(
    '%j that matches nothing exits with 2',
    async (args) => {
      const { code, stderr } = await replayIn({ 'a.jsonl': AGREEING }, [...args, 'a.jsonl']);
      expect(code).toBe(2);
      expect(stderr).toBe('replay: no step of any trace is within --range and --only\n');
    },
  );
});
