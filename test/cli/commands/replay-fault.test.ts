import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inFolder, replay, trace } from '../run.ts';

const NEW = { event: 'session_new', sess: 's1', fe: 'fe' };
const CONNECT = { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', conn: 'c1' };
const DETACH = { event: 'detach', strm: 't1' };
const PASS = { event: 'srv_cleanup_idle_connections', srv: 'b/srv' };

/** A pass over a server that the pass before it has taken out of the purge tree. */
const TWICE = [NEW, CONNECT, DETACH, PASS, PASS] as const;

const LEFT =
  '6:1: step 5 is impossible: b/srv is not in the purge tree, so no pass comes over it: it left the tree at step 4; the next connection that is pooled there puts it back';

describe('an event that nothing makes come', () => {
  it('is an error of the trace: where, when the server left the tree, what puts it back', async () => {
    const { code, stdout, stderr } = await replay(['-q', '-'], { input: trace(...TWICE) });
    expect(code).toBe(2);
    expect(stderr).toBe(`<stdin>:${LEFT}\n`);
    expect(stdout).toBe('1 file (1 not judged), 5 steps, no divergence\n');
  });

  it('ends the judgement: what follows would be judged from a wrong state', async () => {
    const input = trace(...TWICE, { ...PASS, expect: { srv: { 'b/srv': { idle: [] } } } });
    const { code, stderr } = await replay(['-q', '-'], { input });
    expect(code).toBe(2);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('is one in a report, too', async () => {
    const { code, stdout } = await replay(['-q', '--reporter', 'json', '-'], {
      input: trace(...TWICE),
    });
    expect(code).toBe(2);
    const { files } = JSON.parse(stdout);
    expect(files[0]).toMatchObject({ verdict: 'not-judged', divergences: 0, problemCount: 1 });
    expect(files[0].problems).toMatchObject([{ line: 6, column: 1 }]);
    expect(`6:1: ${files[0].problems[0].what}`).toBe(LEFT);
  });

  it('is a divergence where other rules judge than the trace was written for', async () => {
    const input = trace(...TWICE).replace('{"trace"', '{"rules":"2.3.0","trace"');
    expect((await replay(['-q', '-'], { input })).code).toBe(0);
    const { code, stdout } = await replay(['-q', '--rules', '08016ab82', '-'], { input });
    expect(code).toBe(1);
    expect(stdout).toContain('<stdin>:6: step 5 is impossible: srv_cleanup_idle_connections b/srv');
  });

  it('is a divergence where the state has come out differently before', async () => {
    const wrong = { ...DETACH, expect: { conn: { c1: { list: 'safe' } } } };
    const input = trace(NEW, CONNECT, wrong, PASS, PASS);
    const { code, stderr } = await replay(['-q', '-'], { input });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  it('is refused by an update, as any impossible step', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'twice.jsonl');
      writeFileSync(file, trace(...TWICE));
      const { code, stderr } = await replay(['-u', file]);
      expect(code).toBe(2);
      expect(stderr).toContain('step 5 cannot have happened: b/srv is not in the purge tree');
    });
  });
});
