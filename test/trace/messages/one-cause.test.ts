import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { formatProblem, TraceReader } from '../../../src/trace/index.ts';
import { CONNECT, HEADER, problemsAfterHeader, problemsOf, SESSION } from '../helpers.ts';

const DETACH = '{"event":"detach","strm":"t1","expect":{"conn":{"c1":{"owner":"s1"}}}}';
const FREE = '{"event":"session_free","sess":"s1"}';

describe('a line that cannot be read', () => {
  it.each([
    ['a comment', `# ${SESSION}`],
    ['a misspelt event', SESSION.replace('new', 'nwe')],
    ['a misspelt key', SESSION.replace('"sess"', '"session_id"')],
    ['no id at all', SESSION.replace('"sess":"s1",', '')],
    ['an id of another type', SESSION.replace('"s1"', '["s1"]')],
    ['an empty id', SESSION.replace('"s1"', '""')],
    ['null as its id', SESSION.replace('"s1"', 'null')],
    ['another key twice', SESSION.replace('}', ',"fe":"fe"}')],
    ['a bad escape in the id', SESSION.replace('s1', 's\\1')],
    ['a control character in the id', SESSION.replace('s1', 's\t1')],
    ['single quotes', SESSION.replaceAll('"', "'")],
    ['no quotes', SESSION.replaceAll('"', '')],
    ['a comma too many', SESSION.replace('}', ',}')],
    ['a brace too few', SESSION.slice(0, -1)],
    ['words', 'session_new s1 fe'],
  ])('leaves no session unknown later: %s', (_, line) => {
    const other = '{"event":"session_new","sess":"s2","fe":"fe"}';
    const rest = [other, CONNECT, DETACH, FREE];
    expect(problemsAfterHeader(line, ...rest)).toHaveLength(1);
    expect(problemsAfterHeader(...rest)).toHaveLength(1);
  });

  it.each([
    ['a misspelt key', CONNECT.replace('"conn"', '"con"')],
    ['no stream', CONNECT.replace('"strm":"t1",', '')],
    ['words', 'connect_server t1 s1 b/srv c1'],
    ['no comma', CONNECT.replace(',"conn"', ' "conn"')],
  ])('leaves no stream and no connection unknown later: %s', (_, line) => {
    const update = '{"event":"conn_update","conn":"c1"}';
    expect(problemsAfterHeader(SESSION, line, DETACH, update, FREE)).toHaveLength(1);
  });

  it('leaves no connection unknown that is named after its stream', () => {
    const line = CONNECT.replace('"conn":"c1"', '"cnon":7');
    const update = '{"event":"conn_update","conn":"t1.conn"}';
    expect(problemsAfterHeader(SESSION, line, update)).toHaveLength(1);
  });

  it('excuses nothing that it does not mention', () => {
    const line = SESSION.replace('new', 'nwe');
    const others = ['s', 's11', 'xs1'].map((id) => FREE.replace('s1', id));
    expect(problemsAfterHeader(line, ...others)).toHaveLength(4);
  });

  it('excuses everything once too much could not be read', () => {
    const lines = Array.from({ length: 40 }, () => `# ${'x'.repeat(30_000)}`);
    expect(problemsAfterHeader(...lines, FREE)).toHaveLength(lines.length);
  });
});

describe('a mistake that many lines show', () => {
  const lines = [HEADER, SESSION, CONNECT, DETACH, FREE];

  it('is told once: an object over several lines', () => {
    const spread = JSON.stringify(JSON.parse(SESSION), null, 2);
    expect(problemsOf([HEADER, spread, CONNECT, DETACH].join('\n'))).toEqual([
      '2:2: the line ends too early; a key in double quotes or "}" must stand here, on the same line',
    ]);
    const all = lines.map((line) => JSON.stringify(JSON.parse(line), null, 2)).join('\n');
    expect(problemsOf(all)).toHaveLength(1);
  });

  it('is told once: an array around all lines', () => {
    const told =
      '1:1: an array of objects; a trace is one JSON object per line, with no brackets around them and no commas between';
    expect(problemsOf(`[\n${lines.join(',\n')}\n]\n`)).toEqual([told]);
    expect(problemsOf(`[${lines.join(',\n')}]\n`)).toEqual([told]);
  });

  it('is told once: a thread that there is not', () => {
    const free = '{"event":"session_free","sess":"s1","thread":7}';
    expect(problemsAfterHeader(SESSION.replace('}', ',"thread":7}'), free)).toHaveLength(1);
  });

  it('is told once: a name that is misspelt where it is introduced', () => {
    const misspelt = SESSION.replace('s1', 'client-a');
    const free = FREE.replace('s1', 'clinet-a');
    expect(problemsAfterHeader(misspelt, free, free, CONNECT.replace('s1', 'clinet-a'))).toEqual([
      '3:32: no event so far introduces the session "clinet-a"; did you mean "client-a"?',
    ]);
  });

  it('does not make one more of the word that was told', () => {
    const frees = ['clinet-a', 'clinet-b'].map((id) => FREE.replace('s1', id));
    const problems = problemsAfterHeader(SESSION.replace('s1', 'client-x'), ...frees);
    expect(problems.map((text) => text.split('; ')[1])).toEqual([
      'did you mean "client-x"?',
      'did you mean "client-x"?',
    ]);
  });
});

describe('a trace without events', () => {
  const read = (text: string, isJudged: boolean): string[] => {
    const told: string[] = [];
    const problem = (found: Parameters<typeof formatProblem>[0]) => told.push(formatProblem(found));
    const reader = new TraceReader('x', { header() {}, event() {}, problem });
    reader.write(Buffer.from(text));
    reader.end(isJudged);
    return told;
  };
  const nothing =
    'the trace has no events: there is nothing to judge; events follow the header, each on a line of its own, e.g. {"event":"session_new","sess":"s1","fe":"fe"}';

  it('is a problem where it is judged, and nowhere else', () => {
    expect(read(`\n${HEADER}\n\n`, true)).toEqual([`x:2:1: ${nothing}`]);
    expect(read(HEADER, true)).toEqual([`x:1:1: ${nothing}`]);
    expect(read(HEADER, false)).toEqual([]);
    expect(read(`${HEADER}\n${SESSION}`, true)).toEqual([]);
  });

  it('is none where something else was told', () => {
    expect(read(`${HEADER}\n{"event":"x"}`, true)).toHaveLength(1);
    expect(read(`${HEADER}\n# nothing yet`, true)).toHaveLength(1);
    expect(read('', true)).toHaveLength(1);
    expect(read(HEADER.replace('trace', 'trce'), true)).toHaveLength(1);
  });
});
