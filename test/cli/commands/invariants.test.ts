import { expect, test } from 'vitest';
import { replay } from '../run.ts';

test('says of each promise which rule sets give it, and which bugs break it where', async () => {
  const { code, stdout, stderr } = await replay(['invariants']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/promised from 08016ab82\s+on\n/);
  expect(stdout).toContain(
    '  broken by B17 (only 2.2.0, 21ddc74e8): a private connection whose mux was\n' +
      '    negotiated is counted, and never listed\n',
  );
  expect(stdout).toContain('promised under every rule set\n  broken by B4 (from 08016ab82');
  expect(stdout).toContain('  broken by B21 (between two rule sets): a private connection');
});
