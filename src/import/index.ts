/**
 * What a stock HAProxy prints, to a trace: records of its muxes and log lines of a layout of our
 * own become events, each with the lines it comes from and how sure it is.
 */

export type { ConfigProblem, HaproxyConfig } from './config/model.ts';
export { type ConfigFile, parseConfig } from './config/parse.ts';
export { Importer, type ImportOptions, type LineCounts } from './importer.ts';
export { LineSplitter } from './lines/splitter.ts';
export { CERTAINTIES, type Certainty } from './story/state/objects.ts';
