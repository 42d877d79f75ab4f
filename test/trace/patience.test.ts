import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { type Problem, TraceReader } from '../../src/trace/index.ts';
import { ENDLESS_LINE_BYTES } from '../../src/trace/text/lines.ts';
import {
  MAX_BLANK_LINES,
  MAX_LINES_BEHIND,
  MAX_PROBLEMS,
  Patience,
} from '../../src/trace/text/patience.ts';
import { header } from '../cli/run.ts';

const AGAIN = '{"event":"srv_cleanup_toremove_connections"}\n';

/** Reads what begins with a text and goes on with another for ever; gives up at twice the limit. */
function readEndless(beginning: string, rest: Buffer, limit: number) {
  let count = 0;
  let events = 0;
  let last: Problem | null = null;
  const reader = new TraceReader('x', {
    header: () => {},
    event: () => events++,
    problem: (problem) => {
      count++;
      last = problem;
    },
  });
  reader.write(Buffer.from(beginning));
  for (let at = 0; at < 2 * limit && !reader.done; at += rest.length) reader.write(rest);
  reader.end();
  return { done: reader.done, count, events, last: last as Problem | null };
}

describe('reading stops', () => {
  test('at as many problems as anybody could want to know of', () => {
    const rest = Buffer.from('{}\n'.repeat(1000));
    const { count, last } = readEndless(header(), rest, 3 * MAX_PROBLEMS);
    expect(count).toBe(MAX_PROBLEMS + 1);
    expect(last).toEqual({
      path: 'x',
      line: MAX_PROBLEMS + 1,
      column: 1,
      what: 'reading stops here: 10,000 problems',
      allowed: 'mend what was told, and replay it again',
      isLast: true,
    });
  });

  test('a million lines behind the first problem, the same however the bytes come', () => {
    for (const lines of [999, 1000]) {
      const rest = Buffer.from(AGAIN.repeat(lines));
      const read = readEndless(`${header()}{}\n`, rest, AGAIN.length * MAX_LINES_BEHIND);
      expect(read.count).toBe(2);
      expect(read.events).toBe(MAX_LINES_BEHIND);
      expect(read.last).toMatchObject({
        line: 2 + MAX_LINES_BEHIND,
        what: 'reading stops here: 1,000,000 lines behind the first problem',
      });
    }
  });

  test('never as long as nothing is wrong', () => {
    const rest = Buffer.from(AGAIN.repeat(1000));
    const limit = (AGAIN.length * MAX_LINES_BEHIND) / 2 + rest.length;
    const read = readEndless(header(), rest, limit);
    expect(read).toMatchObject({ count: 0, last: null });
    expect(read.events).toBeGreaterThan(MAX_LINES_BEHIND);
  });

  test('where there are blank lines only', () => {
    const { count, last } = readEndless('', Buffer.alloc(1000, '\n'), MAX_BLANK_LINES);
    expect(count).toBe(1);
    expect(last).toMatchObject({
      line: MAX_BLANK_LINES,
      what: 'reading stops here: no header in 1,000,000 lines: they are blank',
    });
  });

  test('in a line without an end', () => {
    const rest = Buffer.alloc(1_000_003, 'x');
    const { count, last } = readEndless(header(), rest, ENDLESS_LINE_BYTES);
    expect(count).toBe(2);
    expect(last).toMatchObject({
      line: 2,
      what: 'reading stops here: the line goes on for more than 64 MiB',
    });
  });

  test('so many bytes behind the first problem, where lines are long', () => {
    const patience = new Patience();
    patience.problem(7);
    expect(patience.ended(7, 255 * 1024 * 1024)).toBe(null);
    expect(patience.ended(8, 1024 * 1024)).toMatchObject({
      line: 8,
      what: 'reading stops here: 256 MiB behind the first problem',
    });
  });
});
