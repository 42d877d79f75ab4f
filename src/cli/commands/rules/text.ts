import { type Rule, sentenceOf } from '../../../engine/objects/rule.ts';
import {
  commitsBetween,
  commitsOf,
  hasRule,
  type Place,
  placesAndBack,
  placesOf,
  wayOf,
} from '../../../engine/rule-sets/differences.ts';
import {
  type Commit,
  DEFAULT_RULE_SET,
  RULE_SETS,
  type RuleSet,
  ruleSetNames,
} from '../../../engine/rule-sets/index.ts';
import { byFunction } from '../../../report/parts/rule-groups.ts';
import { whoHas } from '../../../report/parts/who-has.ts';
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
import { changeBackingText, ruleBackingText } from './backing.ts';

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

/** Something with what backs it, below what it belongs to. */
function backedLine(lead: Text, id: string, backing: string, options: RuleSetOptions): string {
  const { width, palette } = options;
  const name = id === '' ? [] : [[text(id, palette.faint)]];
  const items = [...name, ...sentence(id === '' ? backing : `· ${backing}`, palette.faint)];
  return flow(lead, items, { width, indent: lead.columns + MARGIN, gap: 1 });
}

/** What a rule set does at a place, and what backs that: of the change, and of each rule it needs. */
function backedWayLines(set: RuleSet, { name }: Place, options: RuleSetOptions): string[] {
  const { says, rules = [] } = wayOf(set, name);
  const lead = text(' '.repeat(MARGIN));
  const below = text(' '.repeat(MARGIN * 2));
  const change = changeBackingText(set, name);
  return [
    wrapped(lead, sentence(says), options),
    ...(change === '' ? [] : [backedLine(below, '', change, options)]),
    ...rules.map((id) => backedLine(below, id, ruleBackingText(id, set), options)),
  ];
}

/** What a rule set does at a place, and the rules that it needs for that. */
function wayLines(lead: Text, set: RuleSet, { name }: Place, options: RuleSetOptions): string[] {
  const { says, rules = [] } = wayOf(set, name);
  const lines = [wrapped(lead, sentence(says), options)];
  if (rules.length > 0) {
    const ids = rules.map((id) => [text(id, options.palette.faint)]);
    lines.push(wrapped(text(' '.repeat(lead.columns)), ids, options));
  }
  return lines;
}

/** `connect_server (src/backend.c) · sniIsPrivate · 7239c2498 2020-10-16` */
function placeHead(
  { fn, file, name }: Place,
  commits: readonly Commit[],
  { width, palette }: RuleSetOptions,
): string {
  const items = [
    ...sentence(fn, palette.strong),
    ...sentence(`(${file})`),
    [text('·')],
    [text(name, palette.faint)],
    ...commits.flatMap(({ id, date }) => [[text('·')], [text(`${id} ${date}`)]]),
  ];
  return flow(text(''), items, { width, indent: MARGIN * 2, gap: 1 });
}

/** The commits but for those that a rule set at hand is called by. */
function untold(commits: readonly Commit[], ...sets: readonly RuleSet[]): Commit[] {
  return commits.filter((commit) => !sets.some(({ id }) => id === commit.id));
}

/**
 * A rule set with what it does at each place where rule sets differ, since which commit, and which
 * recordings back it.
 */
export function ruleSetText(set: RuleSet, options: RuleSetOptions): string {
  const lines = headLines(set, options);
  for (const place of placesOf(RULE_SETS)) {
    const commits = untold(commitsOf(set, place.name), set);
    lines.push('', placeHead(place, commits, options));
    lines.push(...backedWayLines(set, place, options));
  }
  return block(lines);
}

/** Two rule sets and where they differ: the commits in between, what one does, what the other. */
export function differencesText(from: RuleSet, to: RuleSet, options: RuleSetOptions): string {
  const places = placesOf([from, to]);
  const width = Math.max(from.id.length, to.id.length);
  const lines = [...headLines(from, options), ...headLines(to, options), ''];
  lines.push(places.length === 0 ? 'no difference' : `${count(places.length, 'difference')}:`);
  for (const place of places) {
    const commits = untold(commitsBetween(from, to, place.name), from, to);
    lines.push('', placeHead(place, commits, options));
    for (const set of [from, to]) {
      const gap = ' '.repeat(width - set.id.length + MARGIN);
      const lead = glue(text(' '.repeat(MARGIN)), text(set.id, options.palette.strong), text(gap));
      lines.push(...wayLines(lead, set, place, options));
    }
  }
  return block([...lines, ...backLines(from, to, options)]);
}

/** What changed on the way from one rule set to another, and back again. */
function backLines(from: RuleSet, to: RuleSet, options: RuleSetOptions): string[] {
  const places = placesAndBack(from, to);
  if (places.length === 0) return [];
  const heads = places.map((place) =>
    placeHead(place, untold(commitsBetween(from, to, place.name), from, to), options),
  );
  return ['', `${count(places.length, 'place')} changed, and changed back:`, '', ...heads];
}

/** Names the rule sets that have a rule; empty when all have it. */
function onlyIn(rule: Rule): string {
  const has = RULE_SETS.map((set) => hasRule(set, rule.id));
  const who = whoHas(ruleSetNames(), has);
  return who === '' ? '' : `(${who})`;
}

/**
 * Every rule of the engine, or of one rule set, in words: by HAProxy's file and function. Of one
 * rule set with what backs each.
 */
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
        const below = text(' '.repeat(MARGIN * 2));
        lines.push(wrapped(below, sentence(sentenceOf(rule)), options));
        if (set !== null) lines.push(backedLine(below, '', ruleBackingText(rule.id, set), options));
      }
    }
  }
  return block(lines);
}
