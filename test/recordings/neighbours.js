// The table of neighbours: what rule sets that follow one another make of each other's recordings.
//
//   npm run neighbours                   every pair, as Markdown
//   npm run neighbours -- 2.2.0 2.3.0    the pairs among these sets
//   npm run neighbours -- --from PATH    of the recordings of a folder or an archive
//
// The recordings of either set are taken under both. A cause is what `replay compare` calls one: the
// rule that decided in the set of the recording, and the rule of the other set. It is owed to a
// change if it is gone once the other set does at that place what the set of the recording does: the
// likeliest is tried first, and one is enough. `(several)`: no single change takes it away. Each
// cause comes with its first place, to look at with `replay compare --from SET --to SET`.
// `(no cause)`: something differs before any cause has been met, which is a fault of the comparison;
// the exit code is 1 then.

import { parseArgs } from 'node:util';
import { Comparison } from '../../dist/compare/index.js';
import { commitsBetween, placesOf } from '../../dist/engine/rule-sets/differences.js';
import { setsNamed } from './backing.js';
import { BESIDE, readWhole, recordingsIn } from './beside.js';

/** @typedef {import('../../dist/engine/index.js').RuleSet} RuleSet */
/** @typedef {import('../../dist/replay/compare.js').Difference} Difference */
/** @typedef {import('./beside.js').Recording} Recording */
/** @typedef {import('./course.js').Trace} Trace */
/** What a trace shows of a cause. @typedef {{ fields: Set<string>, steps: number, first: number }} Shown */
/**
 * @typedef {object} Cause
 * @property {Set<string>} fields that come out otherwise
 * @property {Set<string>} traces
 * @property {number} steps
 * @property {Map<string, Set<string>>} by the traces that owe it to a change
 * @property {string} first
 */

/** @param {Difference} difference @returns {string} `conn.owner`, `sess.srv_list`, `calls` */
function fieldOf({ subject: { kind, id }, field }) {
  return kind === 'event' ? field : `${kind}${field.slice(`${kind}.${id}`.length)}`;
}

/** Stands for what differs before any cause has been met. */
const NO_CAUSE = '(no cause) |';

/**
 * What two sets make of a trace.
 *
 * @param {Trace} trace
 * @param {RuleSet} from
 * @param {RuleSet} to
 * @returns {Map<string, Shown>} by cause
 */
function partingsIn({ path, header, events }, from, to) {
  /** @type {Map<string, Shown>} */
  const causes = new Map();
  const add = (
    /** @type {string} */ cause,
    /** @type {string[]} */ fields,
    /** @type {number} */ at,
  ) => {
    const shown = causes.get(cause) ?? { fields: new Set(), steps: 0, first: at };
    for (const field of fields) shown.fields.add(field);
    shown.steps++;
    causes.set(cause, shown);
  };
  const comparison = new Comparison(
    path,
    { from, to },
    {
      start() {},
      step({ number, partings, following }) {
        for (const { cause, differences } of partings) add(cause, differences.map(fieldOf), number);
        if (causes.size === 0 && following.length > 0) {
          add(NO_CAUSE, following.map(fieldOf), number);
        }
      },
    },
  );
  comparison.header(header, 1);
  for (const [at, event] of events.entries()) comparison.event(event, at + 2);
  return causes;
}

/**
 * The causes of a trace that are gone where one change is taken back.
 *
 * @param {Trace} trace
 * @param {RuleSet} from
 * @param {RuleSet} to as it is at this place in `from`
 * @param {Iterable<string>} causes
 * @returns {string[]}
 */
function goneIn(trace, from, to, causes) {
  try {
    const left = partingsIn(trace, from, to);
    return [...causes].filter((cause) => !left.has(cause));
  } catch {
    // The combination of both sets cannot go on.
    return [];
  }
}

/**
 * The change to which most traces so far owed one of the causes that are left.
 *
 * @param {ReadonlySet<import('../../dist/engine/rule-sets/differences.js').PlaceName>} untried
 * @param {ReadonlySet<string>} left
 * @param {ReadonlyMap<string, Cause>} causes
 */
function likeliest(untried, left, causes) {
  const owed = (/** @type {string} */ place) =>
    [...left].reduce((sum, key) => sum + (causes.get(key)?.by.get(place)?.size ?? 0), 0);
  return [...untried].reduce((best, place) => (owed(place) > owed(best) ? place : best));
}

/**
 * @param {readonly Trace[]} traces recordings of `from`
 * @param {RuleSet} from
 * @param {RuleSet} to
 */
function causesOf(traces, from, to) {
  /** @type {Map<string, Cause>} */
  const causes = new Map();
  let parted = 0;
  const places = placesOf([from, to]).map(({ name }) => name);
  for (const trace of traces) {
    const own = partingsIn(trace, from, to);
    if (own.size === 0) continue;
    parted++;
    for (const [key, { fields, steps, first }] of own) {
      const place = `${trace.path.split('/').at(-1)} step ${first}`;
      const cause = causes.get(key) ?? {
        fields: new Set(),
        traces: new Set(),
        steps: 0,
        by: new Map(),
        first: place,
      };
      for (const field of fields) cause.fields.add(field);
      cause.traces.add(trace.path);
      causes.set(key, { ...cause, steps: cause.steps + steps });
    }
    const left = new Set(own.keys());
    const untried = new Set(places);
    while (left.size > 0 && untried.size > 0) {
      const place = likeliest(untried, left, causes);
      untried.delete(place);
      const without = { ...to, [place]: Reflect.get(from, place) };
      for (const key of goneIn(trace, from, without, left)) {
        const by = causes.get(key)?.by;
        by?.set(place, (by.get(place) ?? new Set()).add(trace.path));
        left.delete(key);
      }
    }
  }
  return { parted, causes };
}

/**
 * As few changes as account for a cause in all its traces, those of most traces first.
 *
 * @param {Cause} cause
 * @param {RuleSet} from
 * @param {RuleSet} to
 * @returns {string}
 */
function changesText({ by, traces }, from, to) {
  const left = new Set(traces);
  const count = (/** @type {Set<string>} */ owing) =>
    [...owing].filter((trace) => left.has(trace)).length;
  const texts = [];
  for (;;) {
    const [best] = [...by]
      .map(([place, owing]) => ({ place, owing, many: count(owing) }))
      .filter(({ many }) => many > 0)
      .sort((one, other) => other.many - one.many || (one.place < other.place ? -1 : 1));
    if (best === undefined) break;
    const { place, owing, many } = best;
    const commits = commitsBetween(from, to, /** @type {any} */ (place)).map(({ id }) => id);
    texts.push(`${place} ${commits.join(' ')}${many === traces.size ? '' : ` (${many})`}`);
    for (const trace of owing) left.delete(trace);
  }
  const rest = left.size === traces.size ? '(several)' : `(several: ${left.size})`;
  return [...texts, ...(left.size === 0 ? [] : [rest])].join(', ');
}

/** @param {readonly Recording[]} recordings @param {RuleSet} from @param {RuleSet} to */
function print(recordings, from, to) {
  if (recordings.length === 0) return;
  const { parted, causes } = causesOf(
    recordings.map(({ path }) => readWhole(path)),
    from,
    to,
  );
  console.log(`\n## Recordings of ${from.id} under ${to.id}\n`);
  console.log(`${parted} of ${recordings.length} part, by ${causes.size} causes.`);
  if (causes.has(NO_CAUSE)) process.exitCode = 1;
  if (causes.size === 0) return;
  console.log(`\n| ${from.id} | ${to.id} | fields | traces | steps | change | first |`);
  console.log('|---|---|---|--:|--:|---|---|');
  const order = [...causes].sort(
    ([a, one], [b, other]) => other.traces.size - one.traces.size || (a < b ? -1 : 1),
  );
  for (const [key, cause] of order) {
    const fields = [...cause.fields].sort().join(', ');
    const change = changesText(cause, from, to);
    console.log(
      `| ${key} | ${fields} | ${cause.traces.size} | ${cause.steps} | ${change} | ${cause.first} |`,
    );
  }
}

const { values, positionals } = parseArgs({
  options: { from: { type: 'string', multiple: true, default: BESIDE } },
  allowPositionals: true,
});
const trees = recordingsIn(values.from);
const sets = setsNamed(positionals);
for (const [at, newer] of sets.entries()) {
  const older = sets[at - 1];
  if (older === undefined) continue;
  print(trees.get(older.id) ?? [], older, newer);
  print(trees.get(newer.id) ?? [], newer, older);
}
