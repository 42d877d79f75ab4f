import { describe, expect, it } from 'vitest';
import { CONNECT, problemsAfterHeader, SESSION } from '../helpers.ts';

/** What is told of a connect_server with a key besides, without where. */
function told(more: string): string[] {
  const line = CONNECT.replace('}', `,${more}}`);
  return problemsAfterHeader(SESSION, line).map((problem) => problem.replace(/^\S+ /, ''));
}

describe('params of connect_server', () => {
  it.each([
    ['"params":"k1"'],
    ['"params":{}'],
    ['"params":{"sni":"a.example","name":"n","dst":"d","src":"s","proxy":"p"}'],
    ['"params" : {"mark":"1","tos":"2"}'],
    ['"params":"\\u006b1"'],
  ])('may be %s', (key) => {
    expect(told(key)).toEqual([]);
  });

  it.each([
    ['5', 'params is 5; did you mean "5"? it must be an object, or a non-empty string'],
    ['""', 'params is ""; it must be an object, or a non-empty string'],
    ['null', 'params is null; it must be an object, or a non-empty string'],
    ['["k1"]', 'params is an array; it must be an object, or a non-empty string'],
    ['{"sni":""}', 'params.sni is empty; it must be a non-empty string'],
  ])('must not be %s', (value, what) => {
    const [only = '', ...others] = told(`"params":${value}`);
    expect(only.startsWith(what), only).toBe(true);
    expect(others).toEqual([]);
  });

  it('has known keys only', () => {
    expect(told('"params":{"snii":"a"}')).toEqual([
      'unknown key "snii" in params; did you mean "sni"? allowed here: sni, name, dst, src, proxy, mark, tos',
    ]);
  });
});

it('busy is a list of threads', () => {
  expect(told('"busy":[0,1]')).toEqual([]);
  expect(told('"busy":[1,2]')[0]).toContain('busy[1] is 2; config.nbthread is 2');
  expect(told('"busy":[64]')[0]).toContain('busy[0] is 64; it must be a whole number from 0 to 63');
});
