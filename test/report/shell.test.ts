import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { pathArgument, shellQuote } from '../../src/report/text/shell.ts';

test.each([
  'plain/path.jsonl',
  'with blank',
  "it's",
  '$HOME `ls` "x" \\ !',
  '*?[a]',
  "both ' and \u001b[31m\n\\",
  'right\u202eleft',
  '',
])('a shell reads %j as it is', (argument) => {
  const quoted = shellQuote(argument);
  expect(execFileSync('bash', ['-c', `printf %s ${quoted}`], { encoding: 'utf8' })).toBe(argument);
});

test('a path is never taken for an option', () => {
  expect(pathArgument('-q')).toBe('./-q');
});
