import { allRules, findRuleSet } from '../../engine/index.ts';
import { hasRule } from '../../engine/rule-sets/differences.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import type { Reached } from '../data/reached.ts';
import { glue, padStart, text } from '../text/layout.ts';
import type { ReportOptions } from '../text/report-options.ts';
import { byFunction } from './rule-groups.ts';

/** Stands where a count would, for a rule that has decided nothing. */
const NEVER = 'never';
/** Columns of the counts; a larger one pushes its rule's id. */
const COUNT_COLUMNS = 9;

function setLines(
  name: string,
  counts: Readonly<Record<string, number>>,
  { palette }: ReportOptions,
): string[] {
  const set = findRuleSet(name);
  const rules = allRules().filter(({ id }) => set === undefined || hasRule(set, id));
  const reached = rules.filter(({ id }) => (counts[id] ?? 0) > 0).length;
  const never = rules.length - reached;
  const rest = never === 0 ? '' : `, ${palette.warn(`${never} never`)}`;
  const whose = escapeControl(name);
  const lines = [`rules of ${whose}: ${reached} of ${rules.length} have decided${rest}`];
  for (const { file, functions } of byFunction(rules)) {
    lines.push('', `  ${palette.faint(file)}`);
    for (const { fn, rules: own } of functions) {
      lines.push(`    ${palette.strong(fn)}`);
      for (const { id } of own) {
        const times = counts[id] ?? 0;
        const count = times === 0 ? text(NEVER, palette.warn) : text(String(times));
        lines.push(glue(padStart(count, COUNT_COLUMNS), text(`  ${id}`)).painted);
      }
    }
  }
  return lines;
}

/**
 * Which rules have decided something and how often, and which never, for each rule set that
 * judged: by HAProxy's file and function. Rules that a rule set does not have are left out of it.
 */
export function coverageLines(reached: Reached, options: ReportOptions): string[] {
  const sets = Object.keys(reached).sort();
  return sets.flatMap((name) => ['', ...setLines(name, reached[name] ?? {}, options)]);
}
