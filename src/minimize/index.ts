/**
 * Makes traces small: what shows a crash, a broken promise or a difference, and nothing else.
 * Knows nothing of files.
 */
export type { Property } from '../engine/property-names.ts';
export { type Guarantee, type Minimized, minimize } from './minimize.ts';
export { type Recorded, Recording } from './recording.ts';
export { EVERY_SELECTION_MAX, PAIRS_MAX } from './removal.ts';
export { type Signature, signatureText } from './signature.ts';
