import { type Invariant, promisedUnder } from '../../../engine/invariants/index.ts';
import { RULE_SETS, type RuleSet, ruleSetNames } from '../../../engine/rule-sets/index.ts';
import { type Bug, bugsThatBreak, setsWith } from '../../../history/index.ts';
import { whoHas } from '../../../report/parts/who-has.ts';
import { flow, sentence, text } from '../../../report/text/layout.ts';
import type { ReportOptions } from '../../../report/text/report-options.ts';

type TextOptions = Pick<ReportOptions, 'palette' | 'width'>;

const INDENT = 2;

/** Some of the rule sets in words; empty for all of them. */
function inWords(sets: readonly RuleSet[]): string {
  const has = RULE_SETS.map((set) => sets.includes(set));
  return whoHas(ruleSetNames(), has);
}

function bugLine(bug: Bug, { palette, width }: TextOptions): string {
  const sets = setsWith(bug);
  const where = sets.length === 0 ? 'between two rule sets' : inWords(sets) || 'every rule set';
  const items = [
    [text('broken by'), text(bug.name, palette.bad)],
    ...sentence(`(${where}): ${bug.says}`),
  ];
  return flow(text(' '.repeat(INDENT)), items, { width, indent: INDENT * 2, gap: 1 });
}

function paragraph(invariant: Invariant, options: TextOptions): string {
  const { palette, width } = options;
  const { name, says, source, severity } = invariant;
  const layout = { width, indent: INDENT, gap: 1 };
  const margin = text(' '.repeat(INDENT));
  const sets = RULE_SETS.filter((set) => promisedUnder(set).includes(name));
  const about = `severity ${severity}; from ${source}; promised ${inWords(sets) || 'under every rule set'}`;
  const lines = [
    palette.strong(name),
    flow(margin, sentence(says), layout),
    flow(margin, sentence(about, palette.faint), layout),
    ...bugsThatBreak(name).map((bug) => bugLine(bug, options)),
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Every invariant: its name, what must hold, how bad a breach is, its source, the rule sets that
 * promise it, and the bugs that are known to break it, each with the rule sets that have it.
 */
export function invariantsText(invariants: readonly Invariant[], options: TextOptions): string {
  return invariants.map((each) => paragraph(each, options)).join('\n');
}
