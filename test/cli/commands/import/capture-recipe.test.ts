import { describe, expect, it } from 'vitest';
import { readLogLine } from '../../../../src/import/lines/log-line.ts';
import { replay } from '../../run.ts';

const recipe = (...args: readonly string[]) => replay(['capture-recipe', ...args]);

describe('replay capture-recipe', () => {
  it('prints what to copy in lines of its own, and explains it behind a hash', async () => {
    const { code, stdout } = await recipe('--haproxy', '2.6.12');
    expect(code).toBe(0);
    const copied = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(copied).toContain('global');
    expect(copied.filter((line) => line.startsWith('trace '))).toHaveLength(52);
    expect(copied.at(-1)).toBe('replay import capture.* --config haproxy.cfg | replay -');
    for (const word of ['Cost', 'Disclosed', 'For hours', 'events dropped', 'ring']) {
      expect(stdout).toContain(word);
    }
  });

  it('has commands of one setting each, and those that switch them off', async () => {
    const { stdout } = await recipe('--only', 'start');
    const commands = stdout.trimEnd().split('\n');
    expect(commands.every((line) => /^trace (?:h1|h2|fcgi|check) \w+ \S+$/.test(line))).toBe(true);
    expect((await recipe('--only', 'stop')).stdout).toBe(
      'trace h1 stop now\ntrace h2 stop now\ntrace fcgi stop now\ntrace check stop now\n',
    );
  });

  it('leaves out what a version lacks', async () => {
    expect((await recipe('--haproxy', '2.4', '--only', 'start')).stdout).not.toContain('check');
    expect((await recipe('--haproxy', '2.4')).stdout).toContain('neither flags');
  });

  it('has a log line that the import reads, which is all of the light one', async () => {
    const { stdout } = await recipe('--level', 'light');
    const format = /log-format "(.*)"/.exec(stdout)?.[1] ?? '';
    const line = format.replace(/%\[thread\]/, '0').replace(/rq=.*/, 'rq="GET / HTTP/1.1"');
    expect(readLogLine(line)).toMatchObject({ thread: 0, request: 'GET / HTTP/1.1' });
    expect(stdout).not.toMatch(/^trace/m);
    expect((await recipe('--level', 'light', '--only', 'start')).stdout).toBe('');
  });

  it.each([
    ['1.8', '--haproxy 1.8: its muxes print no traces that are known; 2.2 and later do'],
    ['new', '--haproxy new: must be a version, e.g. 2.6'],
  ])('refuses %s', async (version, what) => {
    const { code, stderr } = await recipe('--haproxy', version);
    expect(code).toBe(2);
    expect(stderr).toContain(what);
  });
});
