import { describe, expect, test } from 'vitest';
import { replay } from '../../run.ts';

/** A pass of the purge that leaves nothing idle: 3.5-dev5 is known from reading alone. */
const PURGED = 'traces/recorded/3.4.0/s10_purge_safe.jsonl';
const READ =
  'this rests on a rule of 3.5-dev5 that no recording of HAProxy has exercised: purge.leaves.thread';
/** A bug whose rules recordings have exercised. */
const B24 = 'traces/releases/2.3.0/creator-ends-first.after.jsonl';

/** Text without its line breaks. */
const folded = (text: string) => text.replace(/\s+/g, ' ');

/** How often the notice is told. */
const count = (text: string) => folded(text).split('no recording of HAProxy').length - 1;

describe('what differs by a rule that no recording has exercised says so once', () => {
  test('of two rule sets, below the summary', async () => {
    const { stdout } = await replay(['compare', '--from', '3.4.0', '--to', '3.5-dev5', PURGED]);
    expect(folded(stdout).trim().endsWith(READ)).toBe(true);
    expect(count(stdout)).toBe(1);
  });

  test('of many', async () => {
    const args = ['compare', '--rules', '3.3.0,3.4.0,3.5-dev5', PURGED];
    const { stdout } = await replay(args);
    expect(folded(stdout).trim().endsWith(READ)).toBe(true);
    expect(count(stdout)).toBe(1);
  });

  test.each(['agent', 'tap', 'github', 'junit', 'sarif'])('in the reporter %s', async (name) => {
    const args = ['compare', '--rules', '3.4.0,3.5-dev5', '--reporter', name, PURGED];
    const { stdout } = await replay(args);
    expect(folded(stdout)).toContain(READ);
    expect(count(stdout)).toBe(1);
  });

  test('as data, by rule set', async () => {
    const args = ['compare', '--rules', '3.4.0,3.5-dev5', '--reporter', 'json', PURGED];
    const { totals } = JSON.parse((await replay(args)).stdout);
    expect(totals.unrecorded).toEqual({ '3.5-dev5': ['purge.leaves.thread'] });
  });

  test('of a search of two rule sets', async () => {
    const args = ['explore', 'takeover', '--from', '2.8.0', '--to', '3.0.0', '--all', '-q'];
    const { stdout } = await replay(args);
    expect(folded(stdout)).toContain(
      'this rests on a rule of 3.0.0 that no recording of HAProxy has exercised: backend-get.takeover-failed.passed-over',
    );
  });

  test('of a search for what does not hold', async () => {
    const { stdout } = await replay(['explore', 'last-answer', '--rules', '3.3.0', '--all', '-q']);
    expect(count(stdout)).toBe(0);
    const taken = await replay(['explore', 'takeover', '--rules', '2.8.0', '--all', '-q']);
    expect(folded(taken.stdout).trim()).toMatch(
      /this rests on a rule of 2\.8\.0 that .* exercised: backend-get\.takeover-failed\.next$/,
    );
  });
});

test('what recordings back says nothing of the kind', async () => {
  const { stdout } = await replay(['compare', '--rules', '2.3.0,3aab17bd5', B24]);
  expect(count(stdout)).toBe(0);
});
