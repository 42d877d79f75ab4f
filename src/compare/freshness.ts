import type { Entity } from '../engine/objects/step-log.ts';
import type { World } from '../engine/objects/world.ts';
import type { Difference } from '../replay/compare.ts';
import type { Value } from '../replay/result.ts';
import { liveObject, sameValue, touchedIn } from './observables.ts';

/** How one field of an object differs: by how much, or as text. */
type Known = number | string;

function isSessionList({ subject, field }: Difference): boolean {
  return subject.kind === 'sess' && field.endsWith('.srv_list');
}

function knownAs({ expected, actual }: Difference): Known {
  if (typeof expected === 'number' && typeof actual === 'number') return actual - expected;
  return JSON.stringify([expected, actual]);
}

/** A session's `[target, [connection, …]]` without the connections that a step left alone. */
function ofTouched(list: Value, touched: ReadonlySet<string>): Value {
  if (!Array.isArray(list)) return list;
  const entries: Value[] = [];
  for (const [target = null, conns] of list.filter((entry) => Array.isArray(entry))) {
    const all: readonly Value[] = Array.isArray(conns) ? conns : [];
    const left = all.filter((conn) => typeof conn === 'string' && touched.has(conn));
    if (left.length > 0 || all.length === 0) entries.push([target, left]);
  }
  return entries;
}

/**
 * Tells differences that come up in a step from those that were there before and only show
 * again, because the step touched the object.
 */
export class Freshness {
  readonly #known = new Map<string, ReadonlyMap<string, Known>>();

  constructor(
    readonly from: World,
    readonly to: World,
  ) {}

  /**
   * The differences that came up in the last step. A number has to be further apart than before;
   * of a session's list, only the connections that the step touched count.
   */
  fresh(differences: readonly Difference[]): Difference[] {
    const touched = new Set<string>();
    for (const { kind, id } of touchedIn(this.from, this.to).values()) {
      if (kind === 'conn') touched.add(id);
    }
    return differences.filter((difference) => this.#isFresh(difference, touched));
  }

  #isFresh(difference: Difference, touched: ReadonlySet<string>): boolean {
    const { subject, field, expected, actual } = difference;
    if (subject.kind === 'event') return true;
    const before = this.#known.get(`${subject.kind} ${subject.id}`)?.get(field);
    const now = knownAs(difference);
    if (isSessionList(difference)) {
      return now !== before && !sameValue(ofTouched(expected, touched), ofTouched(actual, touched));
    }
    if (typeof before === 'number' && typeof now === 'number') {
      return Math.sign(before) !== Math.sign(now) || Math.abs(now) > Math.abs(before);
    }
    return now !== before;
  }

  /** Takes note of how the objects that the last step touched differ now. */
  update(differences: readonly Difference[]): void {
    const found = new Map<string, Map<string, Known>>();
    for (const difference of differences) {
      const key = `${difference.subject.kind} ${difference.subject.id}`;
      const fields = found.get(key) ?? new Map<string, Known>();
      found.set(key, fields.set(difference.field, knownAs(difference)));
    }
    for (const [key, object] of touchedIn(this.from, this.to)) {
      const fields = this.#isAlive(object) ? found.get(key) : undefined;
      if (fields === undefined) this.#known.delete(key);
      else this.#known.set(key, fields);
    }
  }

  #isAlive(object: Pick<Entity, 'kind' | 'id'>): boolean {
    return liveObject(this.from, object) !== undefined || liveObject(this.to, object) !== undefined;
  }
}
