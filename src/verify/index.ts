/** Whether the real program does what the model says: what it printed beside what was predicted. */

export { captureOf } from './capture.ts';
export { type Happening, happeningsOf } from './happenings.ts';
export { type Observed, observe } from './observed.ts';
export { explains, judge, type Reason, type ScriptRun, type Verdict } from './verdict.ts';
