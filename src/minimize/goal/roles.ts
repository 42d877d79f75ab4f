import type { Entity } from '../../engine/objects/step-log.ts';
import { TELLERS } from '../../engine/view/observe.ts';
import { FREED } from '../../format/calls.ts';
import { connNameOf } from '../../format/conn-name.ts';
import { type Expect, isConnect } from '../../format/index.ts';
import { type Difference, isNotKept } from '../../replay/compare.ts';
import type { Value } from '../../replay/result.ts';
import type { NameKind, Rename } from '../names/name-kind.ts';
import { renameExpect } from '../names/rename.ts';
import type { Taken } from './taken.ts';

/** What an event expects of the connection that its stream gets. */
const ABOUT_CONN: ReadonlySet<string> = new Set(['ret', 'reused', 'conn']);

/**
 * What a difference is about, whatever its objects are called: the expected and the actual value
 * with the part that each object plays in the step instead of its name. Two traces show the same
 * difference if their fields and these texts are the same.
 */
export function pairByRoles(taken: Taken, difference: Difference): string {
  const rename = roles(taken, difference);
  const { expected, actual, field } = difference;
  const pair = [byRoles(expected, difference, rename), byRoles(actual, difference, rename)];
  if (!ABOUT_CONN.has(field)) return JSON.stringify(pair);
  return JSON.stringify([...pair, claimByRole(taken, rename)]);
}

/** The connection that the event claims and does not get: it belongs to what is expected. */
function claimByRole({ event, outcome }: Taken, rename: Rename): string | null {
  const claimed = 'conn' in event && 'strm' in event ? event.conn : undefined;
  const got = outcome.kind === 'done' ? outcome.returned.conn?.id : undefined;
  return claimed === undefined || claimed === got ? null : rename('conn', claimed);
}

/** A value of a difference with roles for names. */
function byRoles(value: Value, { subject, field }: Difference, rename: Rename): unknown {
  const { kind, id } = subject;
  if (kind === 'event') {
    if (field === 'conn') return typeof value === 'string' ? rename('conn', value) : value;
    return renameExpect({ [field]: value } as Expect, rename);
  }
  const whole = `${kind}.${id}`;
  const key = field.slice(whole.length + 1);
  if (isNotKept(kind, key, value)) return value;
  const state = field === whole ? stated(kind, value) : { [key]: value };
  return renameExpect({ [kind]: { [id]: state } } as Expect, rename);
}

/** Of a whole object what a trace can state: the rest is there for the reader. */
function stated(kind: Entity['kind'], value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  const known = new Set(TELLERS[kind].filter((each) => each.stated).map(({ name }) => name));
  return Object.fromEntries(Object.entries(value).filter(([key]) => known.has(key)));
}

/**
 * The part that each object of a difference plays: what the event says of it, whether it is alive,
 * and which of several it is.
 */
function roles(taken: Taken, difference: Difference): Rename {
  const seen = new Map<string, string>();
  return (kind, name) => {
    // What follows a name that is no session's belongs to the value.
    if (kind === 'sess' && name.endsWith(FREED) && !isKnown(taken, kind, name)) return name;
    const key = `${kind} ${name}`;
    const known = seen.get(key);
    if (known !== undefined) return known;
    const parts = [
      ...toTheEvent(taken, kind, name),
      ...toTheDifference(difference, kind, name),
      lifeOf(taken, kind, name),
    ];
    const role = `${parts.join(' ')} ${kind} ${seen.size}`;
    seen.set(key, role);
    return role;
  };
}

function toTheEvent({ event, before }: Taken, kind: NameKind, name: string): string[] {
  // What connects claims by `conn` whatever connection comes of it, so that this says nothing.
  const connects = isConnect(event);
  const named = Object.entries(event).some(
    ([key, value]) =>
      value === name && (key === kind || key === 'target') && !(connects && key === 'conn'),
  );
  const parts = named ? ['named'] : [];
  if (kind === 'conn' && name === before.held) parts.push('held');
  if (kind === 'sess' && name === before.sess) parts.push('own');
  return parts;
}

function toTheDifference({ subject }: Difference, kind: NameKind, name: string): string[] {
  return subject.kind === kind && subject.id === name ? ['differing'] : [];
}

/** Whether an object is there: of those that are not, whether they ever were. */
function lifeOf(taken: Taken, kind: NameKind, name: string): string {
  const { world, event } = taken;
  if (kind !== 'conn' && kind !== 'sess') return '';
  const isAlive = kind === 'conn' ? world.connections.has(name) : world.sessions.has(name);
  const isNew = !isKnown(taken, kind, name);
  if (isAlive) return isNew ? 'new' : 'alive';
  if (!isNew) return isTouched(taken, kind, name) ? 'freed' : 'gone';
  if (isTouched(taken, kind, name)) return 'brief';
  // That it is called otherwise, and what, is all that there is to an unnamed connection.
  const unnamed = connNameOf(name);
  const isOwn = 'strm' in event && unnamed?.strm === event.strm;
  return isOwn ? `never *${unnamed.rest}` : 'never';
}

function isKnown({ before }: Taken, kind: 'conn' | 'sess', name: string): boolean {
  return (kind === 'conn' ? before.connections : before.sessions).has(name);
}

function isTouched({ world }: Taken, kind: 'conn' | 'sess', name: string): boolean {
  return world.log.touched.some((entity) => entity.kind === kind && entity.id === name);
}
