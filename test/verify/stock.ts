import { replay, runProgram } from '../cli/run.ts';

async function isThere(program: string, args: readonly string[]): Promise<boolean> {
  return runProgram(program, args).then(
    () => true,
    () => false,
  );
}

const VERSION = await runProgram('haproxy', ['-v']).then(
  ({ stdout }) => /version (\d+\.\d+)/.exec(stdout)?.[1] ?? null,
  () => null,
);

/** Whether there is what runs scripts, and a HAProxy of the release that Debian 12 has. */
export const CAN_RUN = VERSION === '2.6' && (await isThere('varnishtest', ['-h']));

/** What came of a trace, as `replay verify --reporter json` tells it. */
export interface Told {
  readonly path: string;
  readonly verdict: {
    readonly kind: string;
    readonly says?: string;
    readonly program?: string;
    /** Of one that differs; null: there is none that is known. */
    readonly reason?: object | null;
  };
}

/** Verifies paths, several at a time. */
export async function verified(paths: readonly string[], jobs = 4): Promise<readonly Told[]> {
  const { stdout } = await replay([
    'verify',
    '--jobs',
    String(jobs),
    '--reporter',
    'json',
    ...paths,
  ]);
  return JSON.parse(stdout).traces;
}
