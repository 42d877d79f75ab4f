import type { Connection } from '../engine/objects/connection-t.ts';
import type { Entity } from '../engine/objects/step-log.ts';
import type { World } from '../engine/objects/world.ts';
import type { Outcome } from '../engine/step/step.ts';
import { tellersUnder } from '../engine/view/observe.ts';
import { type Teller, viewOf } from '../engine/view/readings.ts';
import { isNamedCall } from '../format/index.ts';
import type { Difference } from '../replay/compare.ts';
import type { Subject, Value } from '../replay/result.ts';
import { IO_FLAGS, MUX_FL_ALL, type UpdateFlagName } from '../state/co-fl.ts';
import type { ComparedOutcome } from './result.ts';
import { takenIn } from './taken.ts';

/** A world after a step, with what came of it. */
export interface Seen {
  readonly world: World;
  readonly outcome: Outcome;
  /** The same outcome as a report tells it. */
  readonly told: ComparedOutcome;
}

const EVENT: Subject = { kind: 'event', id: '' };
/** What a step gives back, in the order in which it is told. */
const RETURNED = [
  'crash',
  'abort',
  'impossible',
  'ret',
  'reused',
  'conn',
  'target',
  'calls',
] as const;

/** Whether two values, as JSON knows them, are the same. */
export function sameValue(one: Value | undefined, other: Value | undefined): boolean {
  if (one === other) return true;
  if (!Array.isArray(one) || !Array.isArray(other)) return false;
  return one.length === other.length && one.every((value, at) => sameValue(value, other[at]));
}

/** The live object of that kind and id, or undefined. */
export function liveObject(
  w: World,
  { kind, id }: Pick<Entity, 'kind' | 'id'>,
): Entity | undefined {
  if (kind === 'conn') return w.connections.get(id);
  return kind === 'sess' ? w.sessions.get(id) : w.server(id);
}

function viewOfEntity(w: World, entity: Entity): { readonly [key: string]: Value } {
  return viewOf(tellersUnder(w.rules)[entity.kind], entity) as { readonly [key: string]: Value };
}

function told({ read, field }: Teller, entity: Entity): Value {
  return (read(Reflect.get(entity, field), entity) ?? null) as Value;
}

/** The ways of telling that two worlds have in common. */
export function tellersOfBoth(from: World, to: World, kind: Entity['kind']): readonly Teller[] {
  const there = new Set(tellersUnder(to.rules)[kind]);
  return tellersUnder(from.rules)[kind].filter((teller) => there.has(teller));
}

/** The flags of a connection that both rule sets keep: of what a mux has seen some keep nothing. */
export function flagsOfBoth(from: World, to: World): number {
  return from.rules.muxErrors === to.rules.muxErrors ? ~0 : ~MUX_FL_ALL;
}

/** The flags of a value, as it tells them, that are among some; any other value as it is. */
function flagsAmong(flags: number, value: Value): Value {
  if (!Array.isArray(value)) return value;
  return value.filter((name) => (IO_FLAGS[name as UpdateFlagName] & flags) !== 0);
}

/** What a teller says of an object in either world, of flags those that both keep. */
function toldOfBoth(
  teller: Teller,
  [from, one]: readonly [World, Entity],
  [to, other]: readonly [World, Entity],
): readonly [Value, Value] {
  const [value, twin] = [told(teller, one), told(teller, other)];
  if (teller.name !== 'io') return [value, twin];
  const flags = flagsOfBoth(from, to);
  return [flagsAmong(flags, value), flagsAmong(flags, twin)];
}

/** Whether two objects of a kind are told alike, by the looser of the ways in which either agrees. */
export function sameTold(teller: Teller, one: Entity, other: Entity): boolean {
  const [value, twin] = [told(teller, one), told(teller, other)];
  return (
    sameValue(value, twin) ||
    teller.agrees(Reflect.get(one, teller.field), twin, one) ||
    teller.agrees(Reflect.get(other, teller.field), value, other)
  );
}

/** Everything touched in either world, each object once, as the first world names it. */
export function touchedIn(...worlds: readonly World[]): Map<string, Pick<Entity, 'kind' | 'id'>> {
  const objects = new Map<string, Pick<Entity, 'kind' | 'id'>>();
  for (const kind of ['conn', 'sess', 'srv']) {
    for (const { log } of worlds) {
      for (const entity of log.touched) {
        if (entity.kind === kind) objects.set(`${kind} ${entity.id}`, entity);
      }
    }
  }
  return objects;
}

/** A call without its arguments and its result. */
function functionOf(call: Value): string {
  return String(call).slice(0, String(call).indexOf('('));
}

/** Calls without those of functions that the other side does not call, and that not all releases have. */
function callsInCommon(calls: Value, others: Value): Value {
  if (!Array.isArray(calls) || !Array.isArray(others)) return calls;
  const functions = new Set(others.map(functionOf));
  return calls.filter((call) => {
    const fn = functionOf(call);
    return !isNamedCall(fn) || functions.has(fn);
  });
}

/**
 * Whether the calls of a step are the same but for a function that only one release has, while all
 * was decided alike: what the one does in a function of its own the other does where it stands.
 */
function sameCalls(from: Seen, to: Seen): boolean {
  const [calls, others] = [from.told.calls, to.told.calls];
  if (!sameValue(callsInCommon(calls, others), callsInCommon(others, calls))) return false;
  const [taken, twins] = [takenIn(from.world, from.outcome), takenIn(to.world, to.outcome)];
  return taken.length === twins.length && taken.every(({ key }, at) => key === twins[at]?.key);
}

/** Behind whom a connection waits for its removal, in words; null when it is not to go. */
function placeInRemoval({ toremoveList, list }: Connection): string | null {
  const node = toremoveList.linked ? toremoveList : list;
  if (node.list?.name !== 'toremove') return null;
  return node.prev === null ? 'first' : `behind ${node.prev.conn.id}`;
}

/** Adds how an object differs, or that only one of the worlds has it. */
function compareObject(from: World, to: World, subject: Subject, found: Difference[]): void {
  if (subject.kind === 'event') return;
  const object = { kind: subject.kind, id: subject.id };
  const one = liveObject(from, object);
  const other = liveObject(to, object);
  const field = `${subject.kind}.${subject.id}`;
  if (one === undefined || other === undefined) {
    if (one === other) return;
    const expected = one === undefined ? null : viewOfEntity(from, one);
    const actual = other === undefined ? null : viewOfEntity(to, other);
    found.push({ subject, field, expected, actual });
    return;
  }
  // What only one of the rule sets keeps can come out differently under neither.
  for (const teller of tellersOfBoth(from, to, subject.kind)) {
    if (sameTold(teller, one, other)) continue;
    const [expected, actual] = toldOfBoth(teller, [from, one], [to, other]);
    if (sameValue(expected, actual)) continue;
    found.push({ subject, field: `${field}.${teller.name}`, expected, actual });
  }
  if (one.kind !== 'conn' || other.kind !== 'conn') return;
  // No view tells in which order they go, and rule sets differ in it.
  const [expected, actual] = [placeInRemoval(one), placeInRemoval(other)];
  if (expected === null || actual === null || expected === actual) return;
  found.push({ subject, field: `${field}.toremove`, expected, actual });
}

/**
 * What of a step can be observed and came out differently in two worlds: what it gave back, the
 * ownership functions called, and every field of every object that it touched in either.
 *
 * @returns differences with the first world as `expected` and the second as `actual`
 */
export function differencesOf(from: Seen, to: Seen): Difference[] {
  const found: Difference[] = [];
  for (const key of RETURNED) {
    const expected = from.told[key] ?? null;
    const actual = to.told[key] ?? null;
    if (sameValue(expected, actual) || (key === 'calls' && sameCalls(from, to))) continue;
    found.push({ subject: EVENT, field: key, expected, actual });
  }
  for (const { kind, id } of touchedIn(from.world, to.world).values()) {
    compareObject(from.world, to.world, { kind, id }, found);
  }
  return found;
}
