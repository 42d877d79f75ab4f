import type { Candidate } from '../../replay/result.ts';

/** Candidates of a search that one rule passed over. */
export interface PassedOver {
  readonly rule: string;
  /** In the order in which they were looked at. */
  readonly ids: readonly string[];
}

/** Whom a search passed over, by the rules that did, in the order in which these came up first. */
export function passedOver(
  candidates: readonly Pick<Candidate, 'id' | 'rule'>[] = [],
): PassedOver[] {
  const byRule = new Map<string, string[]>();
  for (const { id, rule } of candidates) {
    const ids = byRule.get(rule);
    if (ids === undefined) byRule.set(rule, [id]);
    else ids.push(id);
  }
  return [...byRule].map(([rule, ids]) => ({ rule, ids }));
}
