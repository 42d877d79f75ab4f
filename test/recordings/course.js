import { World } from '../../dist/engine/objects/world.js';
import { Course } from '../../dist/replay/course.js';
import { InvariantWatch } from '../../dist/replay/findings.js';

/** @typedef {import('../../dist/engine/rule-sets/index.js').RuleSet} RuleSet */
/** @typedef {import('../../dist/replay/course.js').Taken} Taken */
/** @typedef {ReturnType<typeof import('./beside.js').readWhole>} Trace */

/**
 * Takes the events of a recording under a rule set, which need not be one that has a name.
 *
 * @param {Trace} trace
 * @param {RuleSet} set
 * @param {(taken: Taken) => void} see each step, held against what was recorded
 * @param {(taken: Taken) => boolean} isEnough whether to go no further
 */
export function takeAll({ header, events }, set, see, isEnough = () => false) {
  const world = new World(header.config ?? {}, set, new Set(header.calls));
  // Recordings know nothing of promises.
  const course = new Course(world, new InvariantWatch(set, []), false);
  for (const [at, event] of events.entries()) {
    const taken = course.take(event, at + 1);
    see(taken);
    if (isEnough(taken)) return;
  }
}

/**
 * Whether a rule set takes a recording otherwise than it was recorded.
 *
 * @param {Trace} trace
 * @param {RuleSet} set may combine what never was together
 * @returns {boolean | null} null: the combination cannot go on
 */
export function differs(trace, set) {
  let isOther = false;
  const look = (/** @type {Taken} */ { differences }) => {
    isOther ||= differences.length > 0;
  };
  try {
    takeAll(trace, set, look, () => isOther);
  } catch {
    return null;
  }
  return isOther;
}
