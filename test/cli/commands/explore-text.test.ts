import { describe, expect, test } from 'vitest';
import { progressText, speedText } from '../../../src/cli/commands/explore/text.ts';

const progress = { states: 8, expanded: 8, transitions: 10, depth: 2, bytes: 1_064_960 };

describe('figures of a search', () => {
  test('have a unit that suits them, and none for a state where there are few', () => {
    const text = (bytes: number): string => speedText({ ...progress, bytes }, 2000);
    expect(text(640)).toBe('replay: 2.0 s, 5 transitions per second, 640 bytes\n');
    expect(text(133_120)).toBe('replay: 2.0 s, 5 transitions per second, 130 KiB\n');
    expect(text(1_064_960)).toBe('replay: 2.0 s, 5 transitions per second, 1.0 MiB\n');
    expect(text(5 * 2 ** 30)).toBe('replay: 2.0 s, 5 transitions per second, 5.0 GiB\n');
  });

  test('are told for a state where there are many', () => {
    const many = { ...progress, states: 200_000, transitions: 1, bytes: 8_400_000 };
    expect(speedText(many, 1000)).toBe(
      'replay: 1.0 s, 1 transition per second, 8.0 MiB, 42 bytes per state\n',
    );
  });

  test('are told on the way as well', () => {
    expect(progressText(progress, 0)).toBe('8 states up to 2 events away, 1.0 MiB, no find');
    expect(progressText({ ...progress, states: 1, depth: 1, bytes: 2 ** 33 }, 2)).toBe(
      '1 state up to 1 event away, 8.0 GiB, 2 finds',
    );
  });
});
