/**
 * Rewrites expectations: the text of a line and what its step did become the new text of the line.
 * Knows nothing of files.
 */
export { UPDATE_MODES, type UpdateMode } from './mode.ts';
export { RawLines } from './raw-lines.ts';
export type { Refusal } from './refusal.ts';
export { TraceUpdate } from './trace-update.ts';
