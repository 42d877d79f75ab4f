import { allRules, findRuleSet, RULE_SETS } from '../../dist/engine/index.js';
import { lineage } from '../../dist/engine/rule-sets/chain.js';
import { hasRule } from '../../dist/engine/rule-sets/differences.js';
import { differs, takeAll } from './course.js';

/** @typedef {import('../../dist/engine/index.js').RuleSet} RuleSet */
/** @typedef {import('./course.js').Trace} Trace */

/**
 * The rule sets of some names.
 *
 * @param {readonly string[]} names none: all
 * @returns {readonly RuleSet[]}
 */
export function setsNamed(names) {
  if (names.length === 0) return RULE_SETS;
  return names.map((name) => {
    const set = findRuleSet(name);
    if (set === undefined) throw new Error(`unknown rule set ${name}`);
    return set;
  });
}

/** @param {RuleSet} set @returns {string[]} the ids of its rules, by name */
export function rulesOf(set) {
  return allRules()
    .map(({ id }) => id)
    .filter((id) => hasRule(set, id))
    .sort();
}

/**
 * In how many traces each rule of a set has decided something.
 *
 * @param {RuleSet} set
 * @param {readonly Trace[]} traces the set agrees with all of them
 * @returns {Record<string, number>} by rule, in order
 * @throws where the set does not agree
 */
export function rulesDecided(set, traces) {
  const rules = Object.fromEntries(rulesOf(set).map((id) => [id, 0]));
  for (const trace of traces) {
    /** @type {Set<string>} */
    const decided = new Set();
    takeAll(trace, set, ({ course, differences }) => {
      const [first] = differences;
      if (first !== undefined) {
        throw new Error(`${trace.path} diverges in ${first.field} under ${set.id}: no evidence`);
      }
      course.world.log.eachRule(({ id }) => decided.add(id));
    });
    for (const id of decided) {
      if (rules[id] === undefined) throw new Error(`${id} has decided, and ${set.id} has it not`);
      rules[id]++;
    }
  }
  return rules;
}

/**
 * A set without each of the changes that led to it: at the place of the change it does what was
 * done before, and everything else as it does.
 *
 * @param {RuleSet} set
 * @returns {Map<string, RuleSet>} by place, in order
 */
export function withoutEach(set) {
  /** @type {Map<string, RuleSet>} */
  const without = new Map();
  for (const { changes, parent } of lineage(set)) {
    for (const place of changes.keys()) {
      if (!parent || without.has(place)) continue;
      without.set(place, { ...set, [place]: Reflect.get(parent, place) });
    }
  }
  return new Map([...without].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * How many traces would come out otherwise if one of the changes that led to a set had not been
 * made.
 *
 * @param {RuleSet} set
 * @param {readonly Trace[]} traces the set agrees with all of them
 * @returns {Record<string, number | null>} by place, in order; null: it cannot be taken back alone
 */
export function changesTold(set, traces) {
  const told = [...withoutEach(set)].map(([place, without]) => {
    const answers = traces.map((trace) => differs(trace, without));
    const isAlone = !answers.includes(null);
    return [place, isAlone ? answers.filter((differs) => differs).length : null];
  });
  return Object.fromEntries(told);
}
