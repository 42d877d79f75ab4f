import type { Selection } from '../../report/data/select.ts';

const RANGE = /^(\d*)-(\d*)$/;

function stepNumber(digits: string, fallback: number): number | null {
  if (digits === '') return fallback;
  const number = Number(digits);
  return number >= 1 && Number.isSafeInteger(number) ? number : null;
}

/**
 * The value of `--range`: `3-9`, `5-`, `-9` or `7`, in step numbers from 1. Null when it is
 * none of these, or ends before it begins.
 */
export function parseRange(value: string): Selection['range'] {
  const parts = RANGE.exec(value) ?? (/^\d+$/.test(value) ? [value, value, value] : null);
  if (parts === null || value === '-') return null;
  const first = stepNumber(parts[1] ?? '', 1);
  const last = stepNumber(parts[2] ?? '', Number.POSITIVE_INFINITY);
  return first === null || last === null || first > last ? null : { first, last };
}

/** The value of `--only`: ids between commas. Null when one of them is empty. */
export function parseIds(value: string): string[] | null {
  const ids = value.split(',');
  return ids.includes('') ? null : ids;
}
