import { type Rule, sentenceOf } from '../../../engine/objects/rule.ts';
import {
  DIFFERENCES,
  hasRule,
  positionOf,
  switchesBetween,
} from '../../../engine/rule-sets/differences.ts';
import {
  DEFAULT_RULE_SET,
  RULE_SETS,
  type RuleSet,
  type Switch,
} from '../../../engine/rule-sets/index.ts';
import { byFunction } from '../../../report/parts/rule-groups.ts';
import {
  block,
  count,
  flow,
  glue,
  type Item,
  sentence,
  type Text,
  text,
} from '../../../report/text/layout.ts';
import type { ReportOptions } from '../../../report/text/report-options.ts';

/** How the lists of `replay rules` are set. */
export type RuleSetOptions = Pick<ReportOptions, 'width' | 'palette'>;

const MARGIN = 2;

function wrapped(lead: Text, items: readonly Item[], { width }: RuleSetOptions): string {
  return flow(lead, items, { width, indent: lead.columns, gap: 1 });
}

/** `08016ab82  2020-07-15  2.3-dev1  default`, and the title below. */
function headLines(set: RuleSet, options: RuleSetOptions): string[] {
  const { palette, width } = options;
  const mark = set === DEFAULT_RULE_SET ? [[text('default', palette.good)]] : [];
  const parts = [[text(set.id, palette.strong)], [text(set.date)], [text(set.release)], ...mark];
  return [
    flow(text(''), parts, { width, indent: MARGIN, gap: 2 }),
    wrapped(text(' '.repeat(MARGIN)), sentence(set.title), options),
  ];
}

/** Every rule set, oldest first, with the one of a trace that names none marked. */
export function ruleSetsText(options: RuleSetOptions): string {
  return block(RULE_SETS.flatMap((set) => headLines(set, options)));
}

/** What a rule set makes of a switch, and the rules that it needs for that. */
function positionLines(lead: Text, set: RuleSet, name: Switch, options: RuleSetOptions): string[] {
  const { says, rules } = positionOf(set, name);
  const lines = [wrapped(lead, sentence(says), options)];
  if (rules.length > 0) {
    const ids = rules.map((id) => [text(id, options.palette.faint)]);
    lines.push(wrapped(text(' '.repeat(lead.columns)), ids, options));
  }
  return lines;
}

function switchHead(name: Switch, options: RuleSetOptions): string {
  const { palette } = options;
  const { fn, file } = DIFFERENCES[name];
  const items = [
    ...sentence(fn, palette.strong),
    ...sentence(`(${file})`),
    [text('·')],
    [text(name, palette.faint)],
  ];
  return flow(text(''), items, { width: options.width, indent: MARGIN * 2, gap: 1 });
}

/** A rule set with what it makes of each switch. */
export function ruleSetText(set: RuleSet, options: RuleSetOptions): string {
  const lines = headLines(set, options);
  for (const name of Object.keys(DIFFERENCES) as Switch[]) {
    lines.push('', switchHead(name, options));
    lines.push(...positionLines(text(' '.repeat(MARGIN)), set, name, options));
  }
  return block(lines);
}

/** Two rule sets and every switch that they set differently: what one does, what the other. */
export function differencesText(from: RuleSet, to: RuleSet, options: RuleSetOptions): string {
  const names = switchesBetween(from, to);
  const lines = [...headLines(from, options), ...headLines(to, options), ''];
  lines.push(names.length === 0 ? 'no difference' : `${count(names.length, 'difference')}:`);
  for (const name of names) {
    lines.push('', switchHead(name, options));
    for (const set of [from, to]) {
      const lead = glue(text(' '.repeat(MARGIN)), text(set.id, options.palette.strong), text('  '));
      lines.push(...positionLines(lead, set, name, options));
    }
  }
  return block(lines);
}

/** Names the only rule set that has a rule; empty when all have it. */
function onlyIn(rule: Rule): string {
  const sets = RULE_SETS.filter((set) => hasRule(set, rule.id));
  return sets.length === RULE_SETS.length ? '' : `(only ${sets.map(({ id }) => id).join(', ')})`;
}

/** Every rule of the engine, or of one rule set, in words: by HAProxy's file and function. */
export function allRulesText(
  rules: readonly Rule[],
  set: RuleSet | null,
  options: RuleSetOptions,
): string {
  const { palette } = options;
  const shown = rules.filter((rule) => set === null || hasRule(set, rule.id));
  const lines: string[] = [];
  for (const { file, functions } of byFunction(shown)) {
    for (const { fn, rules: own } of functions) {
      if (lines.length > 0) lines.push('');
      const head = [[text(fn, palette.strong)], [text(`(${file})`, palette.faint)]];
      lines.push(flow(text(''), head, { width: options.width, indent: MARGIN, gap: 1 }));
      for (const rule of own) {
        const only = set === null ? sentence(onlyIn(rule), palette.warn) : [];
        lines.push(wrapped(text(' '.repeat(MARGIN)), [[text(rule.id)], ...only], options));
        lines.push(wrapped(text(' '.repeat(MARGIN * 2)), sentence(sentenceOf(rule)), options));
      }
    }
  }
  return block(lines);
}
