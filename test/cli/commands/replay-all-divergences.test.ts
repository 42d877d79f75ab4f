import { describe, expect, test } from 'vitest';
import { REPORT_SCHEMA_VERSION } from '../../../src/report/data/schema-version.ts';
import { DIVERGING, replayIn } from '../run.ts';

const FILES = { 'd.jsonl': DIVERGING };

/** The steps that a json report tells, each with what its divergences follow from. */
async function reported(...args: readonly string[]): Promise<unknown[]> {
  const { stdout } = await replayIn(FILES, [...args, '--reporter', 'json', 'd.jsonl']);
  const report = JSON.parse(stdout);
  expect(report.schemaVersion).toBe(REPORT_SCHEMA_VERSION);
  return report.files[0].reported.map((step: { number: number; divergences: object[] }) => [
    step.number,
    ...step.divergences.map((divergence) => (divergence as { follows: number | null }).follows),
  ]);
}

describe('what merely follows', () => {
  test('is counted, and the line that counts it names the option', async () => {
    const { stdout } = await replayIn(FILES, ['-q', 'd.jsonl']);
    expect(stdout).not.toContain('step 3 diverges');
    expect(stdout).toContain(
      '  and 1 divergence at 1 later step follows from step 2 (--all-divergences)\n',
    );
    expect(await reported()).toEqual([[2, null, null]]);
  });

  test('is shown with --all-divergences, and nothing is folded then', async () => {
    const { stdout, code } = await replayIn(FILES, ['-q', '--all-divergences', 'd.jsonl']);
    expect(code).toBe(1);
    expect(stdout).toContain('step 3 diverges');
    expect(stdout).toContain('    follows from step 2\n');
    expect(stdout).toContain('  again    replay --all-divergences --range 2-3 d.jsonl\n');
    expect(stdout).not.toContain('later step');
    expect(await reported('--all-divergences')).toEqual([
      [2, null, null],
      [3, 2],
    ]);
  });

  test('is shown of a single step that --range asks for, and of no range of several', async () => {
    const { stdout } = await replayIn(FILES, ['-q', '--range', '3', 'd.jsonl']);
    expect(stdout).toContain('step 3 diverges');
    expect(stdout).toContain('    follows from step 2\n');
    expect(await reported('--range', '3')).toEqual([[3, 2]]);
    expect(await reported('--range', '3-')).toEqual([]);
  });

  test.each(['agent', 'junit', 'tap', 'sarif', 'github'])('is told by %s as well', async (name) => {
    const args = (...more: string[]) => [...more, '--reporter', name, 'd.jsonl'];
    const folded = await replayIn(FILES, args());
    expect(folded.stdout).toContain('--all-divergences');
    const { stdout } = await replayIn(FILES, args('--all-divergences'));
    expect(stdout).toContain('follows from step 2');
    expect(stdout).not.toContain('--all-divergences');
  });
});
