import { describe, expect, it } from 'vitest';
import { allRules } from '../../src/engine/objects/rule.ts';
import type { Entity } from '../../src/engine/objects/step-log.ts';
import { World } from '../../src/engine/objects/world.ts';
import { hasRule } from '../../src/engine/rule-sets/differences.ts';
import { RULE_SETS, type RuleSet } from '../../src/engine/rule-sets/index.ts';
import { isEnd, type Outcome, step } from '../../src/engine/step/step.ts';
import { callText, TELLERS } from '../../src/engine/view/observe.ts';
import { CRASH_FUNCTIONS, type TraceEvent } from '../../src/format/index.ts';
import type { Difference } from '../../src/replay/compare.ts';
import { Replay } from '../../src/replay/index.ts';
import { reasonOf } from '../../src/replay/reason/decided-by.ts';
import type {
  Divergence,
  StepDecision,
  StepResult,
  Subject,
  Value,
} from '../../src/replay/result.ts';
import { OWNERSHIP_FLAGS } from '../../src/state/co-fl.ts';
import { type CorpusTrace, FOUND, RECORDED, WRITTEN } from './corpus.ts';
import { isOvertaken, isUnreachable } from './unreachable.ts';

/** Everything but this value: what an author can state instead of it. */
function others(actual: Value, ids: readonly string[]): Value[] {
  if (!Array.isArray(actual)) return ['something else'];
  const flags = Object.keys(OWNERSHIP_FLAGS);
  const isEntries = actual.some((each) => Array.isArray(each));
  return [
    [],
    ...actual.map((each) => actual.filter((other) => other !== each)),
    actual.toReversed(),
    ...(isEntries ? [] : [...ids, ...flags]).map((id) => [...actual, id]),
    ...ids.map((id) => [['b/srv', [id]]]),
    ...(isEntries ? actual.map((each) => (Array.isArray(each) ? [[each[0] ?? '', []]] : [])) : []),
  ];
}

/** Whatever could be expected of an object instead of what it is. */
function ofObject(object: Entity, ids: readonly string[]): Difference[] {
  const { kind, id } = object;
  const subject: Subject = { kind, id };
  const place = `${kind}.${id}`;
  const isGone = kind !== 'srv' && object.freed;
  const life = { subject, field: place, expected: isGone ? {} : null, actual: isGone ? null : {} };
  if (isGone) return [life];
  const fields = TELLERS[kind].filter(({ stated }) => stated);
  const values = fields.flatMap(({ name, field, read }) => {
    const actual = read(Reflect.get(object, field), object) as Value;
    const differ = others(actual, ids).filter((x) => JSON.stringify(x) !== JSON.stringify(actual));
    return differ.map((expected) => ({ subject, field: `${place}.${name}`, expected, actual }));
  });
  return kind === 'srv' ? values : [life, ...values];
}

/** Whatever could be expected of the event itself. */
function ofEvent(w: World, outcome: Outcome, ids: readonly string[]): Difference[] {
  const subject = { kind: 'event', id: '' } as const;
  const differ = (field: string, expected: Value, actual: Value): Difference[] =>
    expected === actual ? [] : [{ subject, field, expected, actual }];
  if (outcome.kind === 'impossible') return [];
  const calls = w.log.calls.map(callText);
  const shorter = calls.map((_, at) => calls.slice(0, at));
  const changed = calls.map((call, at) => calls.with(at, `${call.replace(/ = .*$/, '')} = 9`));
  const more = [...calls, 'conn_free(c9)'];
  const ofCalls = [...shorter, ...changed, more].flatMap((each) => differ('calls', each, calls));
  if (isEnd(outcome)) return [...ofCalls, ...differ(outcome.kind, null, outcome.fn)];
  const { ret, reused, target } = outcome.returned;
  const conn = outcome.returned.conn?.id;
  return [
    ...ofCalls,
    ...CRASH_FUNCTIONS.flatMap((fn) => differ('crash', fn, null)),
    ...(ret === undefined ? [] : differ('ret', 'other', ret)),
    ...(reused === undefined ? [] : differ('reused', !reused, reused)),
    ...(conn === undefined ? [] : ids.flatMap((id) => differ('conn', id, conn))),
    ...(target === undefined
      ? []
      : [null, ...w.servers.keys()].flatMap((id) => differ('target', id, target?.id ?? null))),
  ];
}

/** The event with another claim: the author wanted that connection. */
function claiming(event: TraceEvent, { subject, field, expected }: Difference): TraceEvent {
  const isClaim = subject.kind === 'event' && field === 'conn';
  return isClaim ? ({ ...event, conn: expected } as TraceEvent) : event;
}

/** Takes out whatever rule is named when a field of a step is expected to be something else. */
function name(trace: CorpusTrace, set: RuleSet, silent: Set<string>): void {
  const world = new World(trace.header.config ?? {}, set);
  for (const event of trace.events) {
    const before = [...world.connections.values()];
    const outcome = step(world, event);
    const isNew = world.log.decisions().some(({ rule }) => silent.has(rule.id));
    if (!isNew) continue;
    const objects = new Set<Entity>([
      ...before,
      ...world.connections.values(),
      ...world.sessions.values(),
      ...world.servers.values(),
      ...world.log.touched,
    ]);
    const alive = [...before.map(({ id }) => id), ...world.connections.keys()];
    const ids = [...new Set(alive), 'nobody'];
    const wrong = [...objects].flatMap((object) => ofObject(object, ids));
    for (const difference of [...ofEvent(world, outcome, ids), ...wrong]) {
      const reason = reasonOf(world, claiming(event, difference), difference);
      if (reason !== null) silent.delete(reason.decision.rule.id);
    }
    if (outcome.kind !== 'done') break;
  }
}

describe('decided by', () => {
  it.each(RULE_SETS)('each rule of $id that decides anything is named by some trace', (set) => {
    const decides = allRules().filter((rule) => rule.decides.some(({ leads }) => !leads));
    const silent = new Set(
      decides
        .map(({ id }) => id)
        .filter((id) => hasRule(set, id) && !isUnreachable(id, set) && !isOvertaken(id, set)),
    );
    expect(silent.size).toBeGreaterThan(100);
    for (const trace of [...WRITTEN, ...RECORDED]) {
      if (silent.size > 0) name(trace, set, silent);
    }
    expect([...silent]).toEqual([]);
  });
});

/** What a rule has to decide for a field, where that is not called like it. */
const PARTS_OF: Readonly<Record<string, readonly string[]>> = {
  'event.conn': ['claim'],
  'event.crash': ['crash', 'survival'],
  'event.abort': ['abort', 'survival'],
  'conn.flags': Object.keys(OWNERSHIP_FLAGS),
  'sess.srv_list': ['srv_list', 'listed_in'],
  'srv.idle': ['idle', 'list'],
  'srv.safe': ['safe', 'list'],
  'srv.available': ['available', 'list'],
  'srv.age': ['age', 'list'],
};

const rules = new Map(allRules().map((rule) => [rule.id, rule]));

/** What a divergence is about: `owner` of `conn.c1.owner`, `conn` of `conn.c1`. */
function fieldOf({ subject: { kind, id }, field }: Divergence): string {
  const whole = `${kind}.${id}`;
  return kind === 'event' ? field : field === whole ? kind : field.slice(whole.length + 1);
}

/** Whether a decision looked at the object of a divergence, or at a connection that counts there. */
function looksAt({ operands }: StepDecision, { subject }: Divergence): boolean {
  if (subject.kind === 'event') return true;
  return operands.some((operand) => {
    if (typeof operand !== 'object' || operand === null) return false;
    if (operand.kind === subject.kind) return operand.id === subject.id;
    return subject.kind !== 'conn' && operand.kind === 'conn';
  });
}

/** Why the rule that a divergence names cannot have decided it; null if it can. */
function objection(step: StepResult, divergence: Divergence): string | null {
  const { decidedBy, subject, expected, actual, field } = divergence;
  if (decidedBy === null) return null;
  const decision = step.decisions.find(
    ({ rule, says }) => rule === decidedBy.rule && says === decidedBy.says,
  );
  if (decision === undefined) return 'was not decided at this step';
  const part = fieldOf(divergence);
  if (field === 'calls') return null;
  const isEnd = field === 'crash' || field === 'abort';
  if (isEnd && actual === null && decision.fn === expected) return null;
  const rule = rules.get(decidedBy.rule);
  const parts = PARTS_OF[`${subject.kind}.${part}`] ?? [part];
  const decides = rule?.decides.filter(({ leads }) => !leads).map((each) => each.part) ?? [];
  // A connection that the stream has not got: what the search has found instead.
  const { event } = step;
  const isClaim = 'strm' in event && 'conn' in event && event.conn === subject.id;
  if (isClaim && part === 'conn' && decides.includes('claim')) return null;
  if (!decides.some((each) => parts.includes(each))) return `does not decide ${parts.join()}`;
  const isAll = rule?.decides.some(({ of }) => of === 'all') === true;
  return isAll || looksAt(decision, divergence) ? null : `does not look at ${subject.id}`;
}

/** What is wrong with the reasons of a trace under a rule set, and how many there are. */
function objections({ name, header, events }: CorpusTrace, set: RuleSet): [string[], number] {
  const found: string[] = [];
  let reasons = 0;
  const observer = {
    start() {},
    step(result: StepResult) {
      for (const divergence of result.divergences) {
        if (divergence.decidedBy !== null) reasons++;
        const what = objection(result, divergence);
        if (what === null) continue;
        const by = divergence.decidedBy?.rule;
        found.push(`${name} step ${result.number}: ${divergence.field} by ${by}, which ${what}`);
      }
    },
  };
  const replay = new Replay(name, { rules: set.id, record: 'nothing', explain: true }, observer);
  replay.header(header, 1);
  for (const [at, event] of events.entries()) replay.event(event, at + 2);
  return [found, reasons];
}

/** Whether a trace is of a neighbour, or of no release: of others there are too many. */
function isNear({ name, header }: CorpusTrace, set: RuleSet): boolean {
  const isOfRelease = /^(?:recorded|releases|found)\/[^/]+\//.test(name);
  const own = RULE_SETS.findIndex(({ id }) => id === header.rules);
  const distance = Math.abs(RULE_SETS.indexOf(set) - own);
  // Under its own rules nothing diverges.
  return !isOfRelease || distance === 1;
}

describe('a divergence', () => {
  it.each(RULE_SETS)('under $id names no rule that does not touch its field', (set) => {
    const near = [...WRITTEN, ...FOUND, ...RECORDED].filter((trace) => isNear(trace, set));
    const all = near.map((trace) => objections(trace, set));
    expect(all.flatMap(([found]) => found)).toEqual([]);
    expect(all.reduce((sum, [, reasons]) => sum + reasons, 0)).toBeGreaterThan(100);
  });
});
