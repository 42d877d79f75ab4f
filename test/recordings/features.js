import { differs, takeAll } from './course.js';

/** @typedef {import('../../dist/engine/index.js').RuleSet} RuleSet */
/** @typedef {import('./course.js').Trace} Trace */

/** Keys of an event that say nothing about it. */
const SILENT = ['event', 'at', 'expect', 'note', 'source', 'strm', 'sess'];

/** @param {Trace} trace @returns {Generator<string>} what its configuration has, by name */
function* configured({ header: { config = {} } }) {
  for (const key of Object.keys(config)) yield `config ${key}`;
  for (const kind of /** @type {const} */ (['frontends', 'backends', 'servers'])) {
    for (const [, proxy] of Object.entries(config[kind] ?? {})) {
      for (const [key, value] of Object.entries(proxy)) {
        yield typeof value === 'string' ? `${kind} ${key} ${value}` : `${kind} ${key}`;
      }
    }
  }
}

/** @param {Trace} trace @returns {Generator<string>} what happened, and what came of it */
function* happened({ events }) {
  for (const event of events) {
    for (const key of Object.keys(event)) {
      if (!SILENT.includes(key)) yield `${event.event} ${key}`;
    }
    for (const what of event.fail ?? []) yield `${event.event} fails ${what}`;
    const { crash, abort, conn = {} } = /** @type {any} */ (event.expect ?? {});
    if (crash !== undefined) yield `crash ${crash}`;
    if (abort !== undefined) yield `abort ${abort?.function ?? abort}`;
    for (const state of Object.values(conn)) {
      if (typeof state?.mux === 'string') yield `mux ${state.mux}`;
      for (const flag of state?.flags ?? []) yield `${state.list} ${flag}`;
    }
  }
}

/**
 * What a recording shows of its rule set: the rules that decide, the changes that it tells from what
 * was before, how it ends, and what it has among its inputs and states.
 *
 * @param {Trace} trace
 * @param {RuleSet} set
 * @param {ReadonlyMap<string, RuleSet>} without the set with each of its changes taken back
 * @returns {Set<string>}
 */
export function featuresOf(trace, set, without) {
  const features = new Set([...configured(trace), ...happened(trace)]);
  takeAll(trace, set, ({ course }) => {
    course.world.log.eachRule(({ id }) => features.add(`rule ${id}`));
  });
  for (const [place, before] of without) {
    if (differs(trace, before)) features.add(`change ${place}`);
  }
  return features;
}
