import { expect, test } from 'vitest';
import { type ColorInputs, usesColor } from '../../src/cli/streams/color.ts';

const auto = (env: ColorInputs['env'], isTerminal: boolean): ColorInputs => ({
  mode: 'auto',
  env,
  isTerminal,
});

test.each<[ColorInputs, boolean]>([
  [auto({}, true), true],
  [auto({}, false), false],
  [auto({ TERM: 'dumb' }, true), false],
  [auto({ NO_COLOR: '1' }, true), false],
  [auto({ NO_COLOR: '0' }, true), false],
  [auto({ NO_COLOR: '' }, true), true],
  [auto({ FORCE_COLOR: '1' }, false), true],
  [auto({ FORCE_COLOR: '3' }, false), true],
  [auto({ FORCE_COLOR: 'true' }, false), true],
  [auto({ FORCE_COLOR: '0' }, true), false],
  [auto({ FORCE_COLOR: 'false' }, true), false],
  [auto({ FORCE_COLOR: '' }, false), false],
  [auto({ FORCE_COLOR: '1', TERM: 'dumb' }, false), true],
  [auto({ NO_COLOR: '1', FORCE_COLOR: '1' }, true), false],
  [{ mode: 'always', env: { NO_COLOR: '1', TERM: 'dumb' }, isTerminal: false }, true],
  [{ mode: 'never', env: { FORCE_COLOR: '1' }, isTerminal: true }, false],
])('%o gives %s', (inputs, expected) => {
  expect(usesColor(inputs)).toBe(expected);
});
