import type { RuleSet } from '../engine/objects/rule-set-t.ts';
import type { Entity } from '../engine/objects/step-log.ts';
import type { World } from '../engine/objects/world.ts';
import type { Outcome } from '../engine/step/step.ts';
import { callText, TELLERS, tellersUnder } from '../engine/view/observe.ts';
import { type Teller, viewOf } from '../engine/view/readings.ts';
import type { Expect, TraceEvent } from '../format/index.ts';
import type { Subject, Value } from './result.ts';

/** One field that is not as expected. */
export interface Difference {
  readonly subject: Subject;
  /** Dotted place below `expect`, e.g. `conn.c1.owner`. */
  readonly field: string;
  readonly expected: Value;
  readonly actual: Value;
}

const EVENT: Subject = { kind: 'event', id: '' };
const NOTHING: Value = null;

/**
 * What an event claims and expects, held against what the rules gave. Agreement, the usual case,
 * allocates next to nothing, since this runs for every event.
 */
export function compare(w: World, event: TraceEvent, outcome: Outcome): Difference[] {
  const found: Difference[] = [];
  const expect = event.expect as Expect | undefined;
  if (outcome.kind === 'done') {
    compareReturned(event, expect, outcome.returned, found);
    compareVictims(w, event, found);
  }
  if (expect === undefined) return found;
  // An expectation that names no end expects that the modelled program goes on.
  check(found, EVENT, 'crash', expect.crash ?? null, outcome.kind === 'crash' ? outcome.fn : null);
  check(found, EVENT, 'abort', expect.abort ?? null, outcome.kind === 'abort' ? outcome.fn : null);
  if (expect.calls !== undefined) compareCalls(w, expect.calls, found);
  compareStates(w, expect, found);
  return found;
}

/** What an expectation states of objects, held against what they are. */
export function compareStates(w: World, expect: Expect, found: Difference[]): void {
  const comparers = comparersUnder(w.rules);
  // for…in, as JSON has own keys only: it allocates nothing, other than Object.keys().
  for (const id in expect.conn) {
    const object = w.connections.get(id);
    const stated = expect.conn[id] ?? null;
    if (object && stated) comparers.conn(object, stated, { kind: 'conn', id }, found);
    else compareExistence(w, 'conn', id, object, stated, found);
  }
  for (const id in expect.sess) {
    const object = w.sessions.get(id);
    const stated = expect.sess[id] ?? null;
    if (object && stated) comparers.sess(object, stated, { kind: 'sess', id }, found);
    else compareExistence(w, 'sess', id, object, stated, found);
  }
  for (const id in expect.srv) {
    const object = w.server(id);
    const stated = expect.srv[id] ?? null;
    if (object && stated) comparers.srv(object, stated, { kind: 'srv', id }, found);
    else compareExistence(w, 'srv', id, object, stated, found);
  }
}

/** Where a field stands below `expect`. */
function place({ kind, id }: Subject, key: string): string {
  if (kind === 'event') return key;
  return key === '' ? `${kind}.${id}` : `${kind}.${id}.${key}`;
}

/** Notes a difference of one plain value; what is not expected is not checked. */
function check(
  found: Difference[],
  subject: Subject,
  key: string,
  expected: null | boolean | number | string | undefined,
  actual: null | boolean | number | string | undefined,
): void {
  if (expected === undefined || expected === actual) return;
  differ(found, subject, key, expected, actual ?? null);
}

function differ(
  found: Difference[],
  subject: Subject,
  key: string,
  expected: Value,
  actual: Value,
): void {
  found.push({ subject, field: place(subject, key), expected, actual });
}

function compareReturned(
  event: TraceEvent,
  expect: Expect | undefined,
  returned: Extract<Outcome, { kind: 'done' }>['returned'],
  found: Difference[],
): void {
  if (expect !== undefined) {
    check(found, EVENT, 'ret', expect.ret, returned.ret);
    check(found, EVENT, 'reused', expect.reused, returned.reused);
    check(found, EVENT, 'target', expect.target, returned.target?.id ?? null);
  }
  const claimed = 'conn' in event && 'strm' in event ? event.conn : undefined;
  if (claimed !== undefined) {
    const { conn } = returned;
    // The claim is void when no connection results.
    const results = conn && (returned.reused || !conn.freed);
    if (results) check(found, EVENT, 'conn', claimed, conn.id);
  }
}

/** Who had to go, where only the trace can know. */
function compareVictims(w: World, event: TraceEvent, found: Difference[]): void {
  if (!w.rules.pool.choosesByKey) return;
  const claimed = 'victims' in event ? event.victims : undefined;
  if (claimed === undefined) return;
  const chosen = w.victims.chosen.map(({ id }) => id);
  const same = claimed.length === chosen.length && claimed.every((id, at) => id === chosen[at]);
  if (!same) differ(found, EVENT, 'victims', claimed, chosen);
}

function compareCalls(w: World, expected: readonly string[], found: Difference[]): void {
  const { calls } = w.log;
  let same = expected.length === calls.length;
  for (let at = 0; same && at < calls.length; at++) {
    const call = calls[at];
    same = call !== undefined && callText(call) === expected[at];
  }
  if (!same) differ(found, EVENT, 'calls', expected, calls.map(callText));
}

/** An object that is there only here, or only where it is stated; null stands for none. */
function compareExistence(
  w: World,
  kind: Entity['kind'],
  id: string,
  object: Entity | undefined,
  stated: object | null,
  found: Difference[],
): void {
  if (!object && stated === null) return;
  const actual = object ? { ...viewOf(tellersUnder(w.rules)[kind], object) } : NOTHING;
  differ(found, { kind, id }, '', stated as Value, actual as Value);
}

/**
 * Whether the actual value of an object's key says that the rule set keeps no such thing; nothing
 * that is kept under some rule sets only has a text for a value.
 */
export function isNotKept(kind: Entity['kind'], key: string, actual: Value): boolean {
  if (typeof actual !== 'string') return false;
  return TELLERS[kind].some(({ name, where }) => name === key && where === 'if-kept');
}

type Compare = (object: object, stated: object, subject: Subject, found: Difference[]) => void;

/**
 * Compiles the comparison of one kind of object from what is told of it, as this runs for every
 * object that any event states: each key has its own line, so that agreement, the usual case, costs
 * a look at the key. What a rule set does not keep differs from whatever is stated of it.
 */
function comparer(tellers: readonly Teller[], rules: RuleSet): Compare {
  const heads: string[] = [];
  const lines: string[] = [];
  tellers.forEach(({ name, where, field, stated, isPlain }, at) => {
    if (!stated) return;
    if (where === 'if-kept' && !rules.keeps.has(name)) {
      const differs = `differ(found, subject, '${name}', stated.${name}, none)`;
      lines.push(`if (stated.${name} !== undefined) ${differs};`);
      return;
    }
    heads.push(`const { agrees: agrees${at}, read: read${at} } = tellers[${at}];`);
    const differs = isPlain ? `object.${field} !== x` : `!agrees${at}(object.${field}, x, object)`;
    const actual = isPlain ? `object.${field}` : `read${at}(object.${field}, object)`;
    lines.push(`x = stated.${name};`);
    lines.push(
      `if (x !== undefined && ${differs}) differ(found, subject, '${name}', x, ${actual});`,
    );
  });
  const inner = `return (object, stated, subject, found) => { let x; ${lines.join(' ')} }`;
  const none = `none under ${rules.id}`;
  return new Function('tellers', 'differ', 'none', `${heads.join(' ')} ${inner}`)(
    tellers,
    differ,
    none,
  );
}

type Comparers = Readonly<Record<Entity['kind'], Compare>>;

const COMPARERS = new WeakMap<RuleSet, Comparers>();

/** How the objects of each kind are compared under a rule set. */
function comparersUnder(rules: RuleSet): Comparers {
  let known = COMPARERS.get(rules);
  if (known === undefined) {
    known = {
      conn: comparer(TELLERS.conn, rules),
      sess: comparer(TELLERS.sess, rules),
      srv: comparer(TELLERS.srv, rules),
    };
    COMPARERS.set(rules, known);
  }
  return known;
}
