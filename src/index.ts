/**
 * `replay` as a library: the trace format, its reader and writer, the ownership engine, and the
 * replay of a trace through it.
 */
export * from './engine/index.ts';
export * from './format/index.ts';
export * from './replay/index.ts';
export * from './trace/index.ts';
