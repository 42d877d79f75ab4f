/**
 * Makes traces small: what shows a crash, a broken promise or a difference, and nothing else.
 * Knows nothing of files.
 */
export type { Property } from '../engine/invariants/property-names.ts';
export { type Recorded, Recording } from './goal/recording.ts';
export { type Signature, signatureText } from './goal/signature.ts';
export { type Guarantee, type Minimized, minimize, NotExportable } from './minimize.ts';
export { EVERY_SELECTION_MAX, PAIRS_MAX } from './passes/removal.ts';
