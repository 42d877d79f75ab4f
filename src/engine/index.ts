/**
 * The ownership engine: an executable model of how HAProxy owns its backend connections. It
 * knows events and states, and nothing of text, files or reports.
 */
export { cloneWorld } from './clone.ts';
export {
  type Breach,
  INVARIANTS,
  type Invariant,
  promisedUnder,
  takeBreaches,
} from './invariants/index.ts';
export { callText, decisionText, viewConn, viewSess, viewSrv, viewWorld } from './observe.ts';
export { allRules, type Rule, sentenceOf } from './rule.ts';
export {
  DEFAULT_RULE_SET,
  findRuleSet,
  RULE_SETS,
  type RuleSet,
  ruleSetNames,
  type Switch,
  type Switches,
} from './rule-sets/index.ts';
export { type Outcome, step } from './step.ts';
export type { Call, Decision, Entity, Operand } from './step-log.ts';
export * from './view.ts';
export { World } from './world.ts';
