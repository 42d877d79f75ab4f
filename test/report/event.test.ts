import { expect, test } from 'vitest';
import { AGREEING, replayIn } from '../cli/run.ts';

test('inputs of several parts stand in braces, and nothing of them unescaped', async () => {
  const params = { sni: 'a.example', src: 'x\u001b[2J y' };
  const [header = '', session = '', connect = '', ...rest] = AGREEING.split('\n');
  const asked = JSON.stringify({ ...JSON.parse(connect), params, busy: [0, 1] });
  const text = [header, session, asked, ...rest].join('\n');
  const { code, stdout } = await replayIn({ 'a.jsonl': text }, ['a.jsonl']);
  expect(code).toBe(0);
  const [, told] = /(params=.*? busy=\S+)/.exec(stdout.replace(/\s+/g, ' ')) ?? [];
  expect(told).toBe('params={sni=a.example,src="x\\u001b[2J y"} busy=0,1');
});
