import type { Picture } from './picture.ts';

/** Along what a picture runs: its steps, one as far from the next as any, or their times. */
export type AxisBy = 'step' | 'at';

/**
 * Where each step of a picture lies along it: its number, or when it happens, in milliseconds. A
 * step that has no time lies where the one before it does, the first ones at the first time there
 * is; one that is said to happen earlier than the one before it does not go back. Without any time
 * all lie at 0.
 *
 * @returns a place for each step from `first` to `last`, never smaller than the one before
 */
export function axisOf(
  { first, last, at }: Pick<Picture, 'first' | 'last' | 'at'>,
  by: AxisBy,
): number[] {
  const count = Math.max(0, last - first + 1);
  if (by === 'step') return Array.from({ length: count }, (_, place) => first + place);
  let now = at?.find((time) => time !== null) ?? 0;
  return Array.from({ length: count }, (_, place) => {
    now = Math.max(now, at?.[place] ?? now);
    return now;
  });
}
