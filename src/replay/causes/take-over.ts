import { adopt, adoptEnded, adoptFreed, entityOf } from '../../engine/adopt/index.ts';
import { knowBroken } from '../../engine/invariants/index.ts';
import type { World } from '../../engine/objects/world.ts';
import type { Expect, TraceEvent } from '../../format/index.ts';
import { compareStates, type Difference } from '../compare.ts';
import { partOf } from '../reason/question.ts';

/** Lists come after what is in them: they say in which order that stands. */
const ORDER = ['conn', 'sess', 'srv'] as const;
/** A value that was taken over can take another with it, which is taken over in turn. */
const ROUNDS = 2;

/** The state differences of a step that was taken, connections first. */
function differing(w: World, { expect }: TraceEvent): Difference[] {
  const found: Difference[] = [];
  if (expect !== undefined) compareStates(w, expect as Expect, found);
  const rank = ({ subject: { kind } }: Difference): number =>
    kind === 'event' ? -1 : ORDER.indexOf(kind);
  return found.sort((one, other) => rank(one) - rank(other));
}

function takeOverOne(w: World, difference: Difference): void {
  const { subject, expected } = difference;
  const { kind, id } = subject;
  if (kind === 'event') return;
  const entity = entityOf(w, kind, id);
  if (entity === undefined) return;
  const part = partOf(difference);
  if (part !== kind) adopt(w, entity, part, expected);
  else if (entity.kind === 'conn') adoptFreed(w, entity);
  else if (entity.kind === 'sess') adoptEnded(w, entity);
}

/**
 * Makes the state what an event expects it to be after its step, wherever it is not, so that what
 * comes later is judged from there. What an object breaks by it is no news of the next step.
 *
 * @returns what stays different: objects that do not exist here, or that have to, and what follows
 *   from streams
 */
export function takeOver(w: World, event: TraceEvent): readonly Difference[] {
  let left = differing(w, event);
  for (let round = 0; round < ROUNDS && left.length > 0; round++) {
    for (const difference of left) takeOverOne(w, difference);
    left = differing(w, event);
  }
  knowAllBroken(w, event.expect as Expect | undefined);
  return left;
}

/** The objects that an event states, with those that their lists bear on. */
function knowAllBroken(w: World, expect: Expect | undefined): void {
  for (const kind of ORDER) {
    for (const id in expect?.[kind]) {
      const entity = entityOf(w, kind, id);
      if (entity !== undefined) knowBroken(w, entity);
    }
  }
}
