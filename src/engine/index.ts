/**
 * The ownership engine: an executable model of how HAProxy owns its backend connections. It
 * knows events and states, and nothing of text, files or reports.
 */

export {
  type Breach,
  INVARIANTS,
  type Invariant,
  promisedUnder,
  takeBreaches,
} from './invariants/index.ts';
export { cloneWorld } from './objects/clone.ts';
export { allRules, type Rule, sentenceOf } from './objects/rule.ts';
export type { Call, Decision, Entity, Operand } from './objects/step-log.ts';
export { World } from './objects/world.ts';
export {
  DEFAULT_RULE_SET,
  findRuleSet,
  RULE_SETS,
  type RuleSet,
  ruleSetNames,
} from './rule-sets/index.ts';
export { type Outcome, step } from './step/step.ts';
export { callText, decisionText, viewConn, viewSess, viewSrv, viewWorld } from './view/observe.ts';
export * from './view/view.ts';
