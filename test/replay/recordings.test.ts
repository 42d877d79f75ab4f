import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Replay } from '../../src/replay/index.ts';
import { RECORDINGS, readValid, tracesBelow } from '../engine/traces.ts';

/** The first divergence of a recording, as text; null when the rules agree with all of it. */
function firstDivergence(name: string): string | null {
  const { header, events } = readValid(RECORDINGS, name);
  let first: string | null = null;
  const replay = new Replay(
    name,
    { record: 'nothing' },
    {
      start: () => undefined,
      step: ({ line, divergences: [d] }) => {
        first ??= `${name}:${line} ${d?.field}: ${JSON.stringify([d?.expected, d?.actual])}`;
      },
    },
  );
  const refused = replay.header(header, 1);
  if (refused) return `${name}:1 ${refused}`;
  events.forEach((event, at) => {
    replay.event(event, at + 2);
  });
  return first;
}

// The recordings of the real program are kept outside of the repository.
describe.skipIf(!existsSync(RECORDINGS))('the recordings of the real program', () => {
  const names = tracesBelow(RECORDINGS);

  it.each([
    ['21ddc74e8', '.pre.jsonl'],
    ['08016ab82', '.post.jsonl'],
  ])('agree with the rules of %s', (_, ending) => {
    const recorded = names.filter((name) => name.endsWith(ending));
    expect(recorded.length).toBeGreaterThan(100);
    expect(recorded.map(firstDivergence).filter((found) => found !== null)).toEqual([]);
  });
});
