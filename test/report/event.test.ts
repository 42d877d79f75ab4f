import { expect, test } from 'vitest';
import { AGREEING, header, replayIn } from '../cli/run.ts';

test('inputs of several parts stand in braces, and nothing of them unescaped', async () => {
  const config = { ...JSON.parse(header()).config, nbthread: 3 };
  const params = { sni: 'a.example', src: 'x\u001b[2J y' };
  const [, session = '', connect = '', ...rest] = AGREEING.split('\n');
  const asked = JSON.stringify({ ...JSON.parse(connect), params, busy: [1, 2] });
  const text = [header({ config }).trim(), session, asked, ...rest].join('\n');
  const { code, stdout } = await replayIn({ 'a.jsonl': text }, ['a.jsonl']);
  expect(code).toBe(0);
  const [, told] = /(params=.*? busy=\S+)/.exec(stdout.replace(/\s+/g, ' ')) ?? [];
  expect(told).toBe('params={sni=a.example,src="x\\u001b[2J y"} busy=1,2');
});
