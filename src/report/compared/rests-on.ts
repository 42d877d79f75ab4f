import type { Parting } from '../../compare/index.ts';
import { isRead } from '../../evidence/index.ts';
import { type Unrecorded, withUnrecorded } from '../data/unrecorded.ts';
import type { ComparedFile } from './schema.ts';

/** Two rule sets by their names. */
interface Names {
  readonly from: string;
  readonly to: string;
}

/** The rules of a side that no recording has exercised; an end or an impossible step has no rule. */
function readIn({ rule, file }: Pick<Parting['from'], 'rule' | 'file'>): string[] {
  return file !== null && isRead(rule) ? [rule] : [];
}

/** What a run so far rests on, and where two rule sets part more. */
export function withParting(
  run: Unrecorded | undefined,
  { from, to }: Names,
  parting: Pick<Parting, 'from' | 'to'>,
): Unrecorded | undefined {
  const one = withUnrecorded(run, from, readIn(parting.from));
  return withUnrecorded(one, to, readIn(parting.to));
}

/** What a run so far rests on, and one trace under many rule sets more. */
export function withCompared(
  run: Unrecorded | undefined,
  { rows, neighbours }: Pick<ComparedFile, 'rows' | 'neighbours'>,
): Unrecorded | undefined {
  let all = run;
  for (const { rules, divergence } of rows) {
    const rule = divergence?.decidedBy?.rule;
    if (rule !== undefined) all = withUnrecorded(all, rules, isRead(rule) ? [rule] : []);
  }
  for (const pair of neighbours) {
    for (const { parting } of pair.places) all = withParting(all, pair, parting);
  }
  return all;
}
