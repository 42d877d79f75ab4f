/** Explores small worlds: every state that events can lead to, under one rule set or two. */

export {
  Exploration,
  type ExploreOptions,
  type ExploreResult,
  type Find,
  modelOf,
  type Witness,
} from './exploration.ts';
export { type ReplayedTrace, replayText, statedTrace } from './found-trace.ts';
export { type Cure, setsOfHunt } from './matrix/cures.ts';
export { HUNTS, type Hunt } from './matrix/hunts.ts';
export {
  Matrix,
  type MatrixCell,
  type MatrixColumn,
  type MatrixRow,
  type ShortestFind,
} from './matrix/matrix.ts';
export { PRESET_NAMES, presetOf } from './presets.ts';
export { comparedSteps } from './product.ts';
export { propertyOf } from './properties.ts';
export { checkWorld, type ReadWorld, readWorld } from './world-file.ts';
