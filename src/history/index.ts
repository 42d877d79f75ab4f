/** What is known of HAProxy's history besides the rules: versions, bugs, and what branches took. */
export { BACKPORTS, type Backport, changedSince } from './backports.ts';
export { BUGS, type Bug, type BugName, bugsThatBreak, setsWith } from './bugs.ts';
export { type Answer, LATEST, type NoAnswer, ruleSetFor } from './rule-set-for.ts';
export { takenOver } from './taken-over.ts';
export { isBefore, knownVersion, type Version, versionOf } from './version.ts';
