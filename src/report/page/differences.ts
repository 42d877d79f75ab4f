import type { Difference } from '../../replay/compare.ts';
import type { Value } from '../../replay/result.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { COMPARED, cell, EXPECTED_ACTUAL } from '../parts/field-table.ts';
import type { ToldDifference } from './told.ts';

/** Whether a difference is one from what a trace expects, or from another rule set. */
export type ComparedWords = 'expected' | 'compared';

/** Calls, each on a line of its own. */
function callLines(calls: readonly Value[]): string {
  return calls.length === 0 ? 'none' : calls.map((call) => escapeControl(String(call))).join('\n');
}

/** The values of a field that differs, as they are printed elsewhere. */
export function toldDifferenceOf(difference: Difference, words: ComparedWords): ToldDifference {
  const { field, expected, actual } = difference;
  const table = words === 'expected' ? EXPECTED_ACTUAL : COMPARED;
  const told = (value: Value): string =>
    field === 'calls' && Array.isArray(value) ? callLines(value) : cell(difference, value, table);
  return { field: escapeControl(field), expected: told(expected), actual: told(actual) };
}
