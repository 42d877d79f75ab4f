import { PARTS } from '../../engine/objects/parts.ts';
import type { Call, Decision, Entity } from '../../engine/objects/step-log.ts';
import type { World } from '../../engine/objects/world.ts';
import { callText } from '../../engine/view/observe.ts';
import type { TraceEvent } from '../../format/index.ts';
import type { Difference } from '../compare.ts';
import { answers, isEntity, type Question, questionsOf, thingsOf } from './question.ts';
import { type Found, SEARCHED, searchFor } from './search.ts';

/** Why a field is what it is. */
export interface Reason {
  /** The decision of the step that wrote the field, or kept it as it was. */
  readonly decision: Decision;
  /** Where it came of a search: the decisions that passed a candidate over, in their order. */
  readonly passedOver: readonly Decision[];
}

/** The function of a call as a trace writes it: `conn_new` of `conn_new() = c1`. */
function withoutResult(call: string): string {
  const end = call.lastIndexOf(' = ');
  return end === -1 ? call : call.slice(0, end);
}

/** What a function decided between its call and its return. */
function decidedInside(w: World, call: Call): Decision | undefined {
  return w.log
    .decisions()
    .slice(call.decisionsBefore)
    .find(({ rule }) => rule.fn === call.fn);
}

/**
 * The decision that led to the first call which is not as expected: the last one before it. What a
 * call gave back its own function decided.
 */
function ofCalls(w: World, { expected, actual }: Difference): Decision | undefined {
  if (!Array.isArray(expected) || !Array.isArray(actual)) return undefined;
  const at = actual.findIndex((text, index) => text !== expected[index]);
  const wrong = at === -1 ? undefined : w.log.calls[at];
  if (wrong === undefined) return w.log.decision(w.log.decisionCount - 1);
  const wanted = expected[at];
  const isOtherResult =
    typeof wanted === 'string' && withoutResult(wanted) === withoutResult(callText(wrong));
  if (isOtherResult) return decidedInside(w, wrong);
  return w.log.decision(wrong.decisionsBefore - 1);
}

/**
 * The decision by which the last step ended the program.
 *
 * @param end `crash` or `abort`
 */
export function endedBy(w: World, end: string): Decision | undefined {
  const ends = ({ rule }: Decision): boolean =>
    rule.decides.some(({ part, leads }) => part === end && !leads);
  return w.log.decisions().findLast(ends);
}

/** The last decision of a step that decided anything about an object. */
export function lastAbout(w: World, { kind, id }: Entity): Decision | undefined {
  return lastAnswer(w, { parts: PARTS[kind], kind, ids: [id] });
}

/** The decision that ended the program, or by which it went on where its end was expected. */
function ofEnd(w: World, { field, expected, actual }: Difference): Decision | undefined {
  if (actual !== null) return endedBy(w, field);
  const survives = ({ rule }: Decision): boolean =>
    rule.fn === expected || rule.decides.some(({ part, leads }) => part === 'survival' && !leads);
  return w.log.decisions().findLast(survives);
}

/**
 * The last answer to a question. What only came true again, as a connection that is made
 * private a second time, was decided by what came before.
 */
function lastAnswer(w: World, question: Question): Decision | undefined {
  const all = w.log.decisions();
  let repeated: Decision | undefined;
  for (let at = all.length - 1; at >= 0; at--) {
    const decision = all[at];
    if (decision === undefined || !answers(decision, question)) continue;
    if (decision.rule.role !== 'repeats') return decision;
    repeated ??= decision;
    // What it repeats was asked for just before it, and did nothing, either.
    at--;
  }
  return repeated;
}

/** What the search of the step came to, for those of its results that are not as expected. */
function ofSearch(w: World, event: TraceEvent, difference: Difference, part: string): Found | null {
  const question: Question = { parts: [part], kind: 'event', ids: [] };
  const steps = w.log.decisions().filter((decision) => answers(decision, question));
  return searchFor(w, event, difference, steps);
}

/** A connection that is not there, and that the event says its stream has got. */
function isClaimed(event: TraceEvent, { subject, field, actual }: Difference): boolean {
  return (
    field === `conn.${subject.id}` &&
    actual === null &&
    'strm' in event &&
    'conn' in event &&
    event.conn === subject.id
  );
}

function alone(decision: Decision | undefined): Reason | null {
  return decision === undefined ? null : { decision, passedOver: [] };
}

/**
 * Why a field of the last step is not as expected: the decision that made it what it is, or kept
 * it so. Null when no decision of the step did: then it is as an earlier step left it, or as the
 * event says. To be asked for before the next step.
 */
export function reasonOf(w: World, event: TraceEvent, difference: Difference): Reason | null {
  const { subject, field } = difference;
  if (subject.kind === 'event') {
    if (field === 'calls') return alone(ofCalls(w, difference));
    if (field === 'crash' || field === 'abort') return alone(ofEnd(w, difference));
    const part = field === 'conn' ? 'claim' : field;
    if (SEARCHED.includes(part)) return ofSearch(w, event, difference, part);
  }
  let own: Decision | undefined;
  for (const question of questionsOf(difference)) own ??= lastAnswer(w, question);
  if (own === undefined && isClaimed(event, difference)) {
    return ofSearch(w, event, difference, 'claim');
  }
  return alone(own);
}

/** Every object whose state a reason has read: those of its decision, and who was passed over. */
export function objectsRead({ decision, passedOver }: Reason): Entity[] {
  const all = [decision, ...passedOver].flatMap((each) => thingsOf(each).filter(isEntity));
  return [...new Set(all)];
}
