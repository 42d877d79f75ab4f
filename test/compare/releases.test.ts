import { describe, expect, test } from 'vitest';
import { sidesOf, WRITTEN } from '../traces/corpus.ts';
import { compareEvents } from './support.ts';

const sided = WRITTEN.filter(({ name, side }) => name.startsWith('releases/') && side === 'after');

describe.each(sided)('what a release changed: traces/$name', (trace) => {
  const { before, after } = sidesOf(trace);
  const { steps } = compareEvents(trace.header, trace.events, { from: before, to: after });

  test('has a cause wherever the sides part first, and no step that only follows before it', () => {
    const first = steps.find(({ partings, following }) => partings.length + following.length > 0);
    expect(first?.partings.length).toBeGreaterThan(0);
  });
});
