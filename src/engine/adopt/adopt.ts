import type { ToldAs } from '../../state/told.ts';
import type { Entity } from '../objects/step-log.ts';
import type { World } from '../objects/world.ts';
import { TELLERS } from '../view/observe.ts';
import type { Teller } from '../view/readings.ts';
import { adoptFlags, adoptList, adoptLister, adoptOwner, adoptRemoval } from './of-connection.ts';
import { adoptEntries, adoptIds, afterNumber } from './of-lists.ts';

/** Gives the field of an object a value as it is told, as far as that is possible. */
type Adopter = (w: World, entity: never, value: never, field: string) => void;

/** How each kind of value is taken over; what is not here follows from who holds a connection. */
const ADOPTERS: { readonly [As in ToldAs]?: Adopter } = {
  uint32: adoptPlain,
  int32: adoptPlain,
  boolean: adoptPlain,
  time: adoptPlain,
  id: adoptOwner,
  ownership: adoptFlags,
  lister: adoptLister,
  list: adoptList,
  removal: adoptRemoval,
  ids: adoptIds,
  entries: adoptEntries,
};

function adoptPlain(w: World, entity: Entity, value: never, field: string): void {
  const before: unknown = Reflect.get(entity, field);
  Reflect.set(entity, field, value);
  if (entity.kind === 'srv') afterNumber(w, entity, field, before);
}

/** How a field of that name is told, if the rule set keeps it. */
function tellerOf(w: World, kind: Entity['kind'], name: string): Teller | undefined {
  const isKept = ({ where }: Teller): boolean => where !== 'if-kept' || w.rules.keeps.has(name);
  return TELLERS[kind].find((each) => each.stated && each.name === name && isKept(each));
}

/** An object that is alive, by the kind and the id that a trace has for it. */
export function entityOf(w: World, kind: Entity['kind'], id: string): Entity | undefined {
  if (kind === 'conn') return w.connections.get(id);
  return kind === 'sess' ? w.sessions.get(id) : w.server(id);
}

/**
 * Gives a field of an object the value that a trace states, outside of any step: nothing is
 * decided, called or touched. What hangs together stays together: a connection is in one list of a
 * server and one of a session, and what counts owners, marks and idle times is counted anew.
 *
 * @param name as a trace calls the field, e.g. `listed_in`
 * @returns whether the field has the value now; it has not when an object that the value names does
 *   not exist here, or when the value follows from streams
 */
export function adopt(w: World, entity: Entity, name: string, value: unknown): boolean {
  const teller = tellerOf(w, entity.kind, name);
  const adopter = teller && ADOPTERS[teller.as];
  if (!teller || !adopter) return false;
  adopter(w, entity as never, value as never, teller.field);
  return teller.agrees(Reflect.get(entity, teller.field), value, entity);
}
