import { describe, expect, test } from 'vitest';
import { type MinimizeReport, minimizeText } from '../../src/cli/commands/minimize/text.ts';
import type { Minimized } from '../../src/minimize/index.ts';
import { PLAIN } from '../../src/report/text/palette.ts';

const SMALL: Minimized = {
  signature: { kind: 'crash', site: 'conn_free(freed)' },
  from: 38,
  to: 8,
  text: '',
  guarantee: 'selections',
  tried: 100,
};
const REPORT: MinimizeReport = {
  path: 'a.jsonl',
  out: null,
  options: [],
  invariant: null,
  palette: PLAIN,
  width: 80,
};

const told = (small: Partial<Minimized>, report: Partial<MinimizeReport> = {}): string =>
  minimizeText({ ...SMALL, ...small }, { ...REPORT, ...report });
const lastLine = (report: Partial<MinimizeReport>): string | undefined =>
  told({}, report).trimEnd().split('\n').at(-1);

describe('the words about a minimised trace', () => {
  test.each([
    [SMALL.signature, 'crash in conn_free(freed)'],
    [{ kind: 'broken', invariant: 'idle-count' } as const, 'broken promise idle-count'],
    [
      { kind: 'divergence', field: 'calls', rule: 'auth.private' } as const,
      'divergence of calls, decided by auth.private',
    ],
    [{ kind: 'divergence', field: 'calls', rule: null } as const, 'divergence of calls'],
    [
      { kind: 'impossible', event: 'detach', reason: 'stream * has no \u001b[31m' } as const,
      'impossible detach (stream * has no \\u{1b}[31m)',
    ],
  ])('begin with how small it got, and what it shows', (signature, what) => {
    expect(told({ signature })).toMatch(`from 38 events to 8: ${what}\n`);
  });

  test('say what was not tried', () => {
    expect(told({})).toContain('any\n  selection of them\n');
    expect(told({ guarantee: 'pairs' })).toContain('with more than 12 events left\n');
    expect(told({ guarantee: 'single' })).toContain('more than\n  40 events left\n');
  });

  test('end with the command that shows it', () => {
    expect(lastLine({})).toBe('  show it    replay minimize a.jsonl | replay --explain -');
    expect(lastLine({ path: null })).toBe(
      '  show it    replay minimize - | replay --explain - (with the same input)',
    );
    expect(lastLine({ out: '-x y' })).toBe("  show it    replay --explain './-x y'");
    expect(lastLine({ out: 'o', invariant: 'idle-count' })).toBe(
      '  show it    replay --explain --invariant idle-count o',
    );
    expect(lastLine({ options: ['--rules', '21ddc74e8'] })).toContain(
      'replay minimize --rules 21ddc74e8 a.jsonl | ',
    );
  });

  test('keep to the width', () => {
    for (const line of told({ guarantee: 'single' }, { width: 50, out: 'o' }).split('\n')) {
      expect(line.length).toBeLessThanOrEqual(50);
    }
  });
});
