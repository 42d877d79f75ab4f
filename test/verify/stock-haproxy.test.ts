import { describe, expect, it, vi } from 'vitest';
import { replay, runProgram } from '../cli/run.ts';

vi.setConfig({ testTimeout: 120_000 });

async function isThere(program: string, args: readonly string[]): Promise<boolean> {
  return runProgram(program, args).then(
    () => true,
    () => false,
  );
}

/** HAProxy's rules are known for the release that Debian 12 has. */
const VERSION = await runProgram('haproxy', ['-v']).then(
  ({ stdout }) => /version (\d+\.\d+)/.exec(stdout)?.[1] ?? null,
  () => null,
);
const CAN_RUN = VERSION === '2.6' && (await isThere('varnishtest', ['-h']));

describe.skipIf(!CAN_RUN)('a stock HAProxy 2.6', () => {
  it('does what the model says of a connection that is challenged', async () => {
    const trace = 'traces/scenarios/s4-ntlm-on-a-pooled-connection.after.jsonl';
    const { code, stdout } = await replay(['verify', trace]);
    expect(stdout).toMatch(/as predicted:\s+alive/);
    expect(code).toBe(0);
  });

  it('dies where the model dies', async () => {
    const trace = 'traces/scenarios/s9-session-ends-first.after.jsonl';
    const { code, stdout } = await replay(['verify', '--reporter', 'tap', trace]);
    expect(stdout).toMatch(/ok 1 .*\n# as predicted: dies of signal 11/);
    expect(code).toBe(0);
  });
});

describe('replay verify', () => {
  it('says which program is missing, and where to get it', async () => {
    const { code, stderr } = await replay(['verify', '--haproxy', './none', 'traces/scenarios']);
    expect(stderr).toContain('--haproxy ./none: there is no such program');
    expect(code).toBe(2);
  });
});
