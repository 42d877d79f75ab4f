import type { PartKind } from '../../engine/objects/parts.ts';
import type { Decided } from '../../engine/objects/rule.ts';
import type { Decision, Entity, Operand } from '../../engine/objects/step-log.ts';
import type { Difference } from '../compare.ts';
import type { Value } from '../result.ts';

/** What is asked of the decisions of a step: who decided one of these parts of these objects. */
export interface Question {
  /** Names as in PARTS. */
  readonly parts: readonly string[];
  readonly kind: PartKind;
  /** Ids of the objects; of the event there is one only. */
  readonly ids: readonly string[];
  /** The list of a server that is asked for: what is decided about another one is no answer. */
  readonly list?: string;
}

const SERVER_LISTS: readonly string[] = ['idle', 'safe', 'available'];

function texts(value: Value): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** The elements that one side lacks; where both have the same, those in another place. */
function amiss(one: readonly string[], other: readonly string[]): string[] {
  const lacked = [
    ...one.filter((each) => !other.includes(each)),
    ...other.filter((each) => !one.includes(each)),
  ];
  return lacked.length > 0 ? lacked : one.filter((each, at) => each !== other[at]);
}

/** The connections of a session's list, each with its target. */
function listedIn(entries: Value): { id: string; target: string }[] {
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry) => {
    const [target, ids] = Array.isArray(entry) ? entry : [];
    return typeof target === 'string' ? texts(ids ?? null).map((id) => ({ id, target })) : [];
  });
}

/** Connections that stand elsewhere in a session's list than expected, or on one side only. */
function amissInEntries(expected: Value, actual: Value): string[] {
  const [one, other] = [expected, actual].map((entries) =>
    listedIn(entries).map(({ id, target }) => JSON.stringify([target, id])),
  );
  const keys = amiss(one ?? [], other ?? []).map((key) => JSON.parse(key)[1] as string);
  return [...new Set(keys)];
}

/** The last part of a field's place: `owner` of `conn.c1.owner`, `conn` of `conn.c1`. */
export function partOf({ subject: { kind, id }, field }: Difference): string {
  if (kind === 'event') return field;
  const whole = `${kind}.${id}`;
  return field === whole ? kind : field.slice(whole.length + 1);
}

/**
 * What is asked, one after the other until there is an answer, when a field is not as expected: of
 * flags those that differ, of a list the connections that are not where they are expected.
 */
export function questionsOf(difference: Difference): Question[] {
  const { subject, expected, actual } = difference;
  const part = partOf(difference);
  const { kind, id } = subject;
  if (kind === 'event') return [{ parts: [part === 'conn' ? 'claim' : part], kind, ids: [] }];
  const own = { kind, ids: [id] };
  if (kind === 'conn' && part === 'flags') {
    return [{ ...own, parts: amiss(texts(expected), texts(actual)) }];
  }
  if (kind === 'sess' && part === 'srv_list') {
    const ids = amissInEntries(expected, actual);
    return ids.length > 0
      ? [{ parts: ['listed_in'], kind: 'conn', ids }]
      : [{ ...own, parts: [part] }];
  }
  if (kind === 'srv' && SERVER_LISTS.includes(part)) {
    const ids = amiss(texts(expected), texts(actual));
    return [
      { parts: ['list'], kind: 'conn', ids, list: part },
      { ...own, parts: [part] },
    ];
  }
  if (kind === 'srv' && part === 'age') {
    // Who is idle or safe, and in which order they came.
    const ids = amiss(texts(expected), texts(actual));
    return [
      { parts: ['list'], kind: 'conn', ids },
      { ...own, parts: [part] },
    ];
  }
  return [{ ...own, parts: [part] }];
}

/** Whether something that a decision looked at is an object of the model. */
export function isEntity(operand: Operand | undefined): operand is Entity {
  return typeof operand === 'object' && operand !== null;
}

/** Everything that a decision looked at, its subject first. */
export function thingsOf({ subject, operands }: Decision): readonly Operand[] {
  return [subject, ...operands];
}

/**
 * Ids of the objects of a kind that a decision is about. One that names no server is about that
 * of its connection, and one that names no session about the owner of its connection.
 */
function idsOf(decision: Decision, kind: PartKind): string[] {
  const objects = thingsOf(decision).filter(isEntity);
  const own = objects.filter((object) => object.kind === kind).map(({ id }) => id);
  if (own.length > 0) return own;
  // What was to be made and was not has a name all the same.
  if (kind === 'conn' && objects.length === 0) return [String(decision.subject)];
  return objects.flatMap((object) => {
    if (object.kind !== 'conn') return [];
    const stands = kind === 'srv' ? object.srv : kind === 'sess' ? object.owner : null;
    return stands ? [stands.id] : [];
  });
}

/** Whether a decision is an answer: it decides one of the parts, of one of the objects. */
export function answers(decision: Decision, question: Question): boolean {
  return concerns(decision, question, ({ leads }) => !leads);
}

/** Whether a decision is an answer, or leads to one. */
export function leadsTo(decision: Decision, question: Question): boolean {
  return concerns(decision, question, () => true);
}

function concerns(
  decision: Decision,
  { parts, kind, ids, list }: Question,
  counts: (decided: Decided) => boolean,
): boolean {
  const { role } = decision.rule;
  const isOther = role === 'leaves-list' && list !== undefined;
  if (isOther && !decision.operands.includes(list)) return false;
  return decision.rule.decides.some((decided) => {
    const { part, of } = decided;
    if (!parts.includes(part) || !counts(decided)) return false;
    if (kind === 'event' || of === 'all') return true;
    if (of === null) return idsOf(decision, kind).some((id) => ids.includes(id));
    const object = thingsOf(decision)[of];
    return isEntity(object) && object.kind === kind && ids.includes(object.id);
  });
}
