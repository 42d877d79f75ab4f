import { expect, test } from 'vitest';
import { replay } from '../run.ts';

test('says of each promise which rule sets give it, and which bugs break it where', async () => {
  const { code, stdout, stderr } = await replay(['invariants']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`
private-is-listed
  A private connection with a mux is in a session list, unless listing ran out
  of memory.
  severity broken; from V3, a promise of 08016ab82; B17; promised from 08016ab82
  on
  broken by B17 (only 2.2.0, 21ddc74e8): a private connection whose mux was
    negotiated is counted, and never listed
`);
  expect(stdout).toContain('promised under every rule set\n  broken by B4 (from 08016ab82');
  expect(stdout).toContain('  broken by B21 (between two rule sets): a private connection');
});
