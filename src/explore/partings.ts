import { Freshness } from '../compare/freshness.ts';
import { differencesOf, type Seen } from '../compare/observables.ts';
import { PartedObjects } from '../compare/parted-objects.ts';
import { partingsOf } from '../compare/partings.ts';
import { told } from '../compare/told.ts';
import type { World } from '../engine/objects/world.ts';
import type { Outcome } from '../engine/step/step.ts';
import type { Judge } from './judge.ts';
import type { Scene } from './state/scene.ts';

const NOTHING: readonly string[] = [];
const NO_OUTCOME: Outcome = { kind: 'done', returned: {} };

/** Marks every object of a world as touched, as if the step before had made all of them. */
function touchAll(w: World): void {
  w.log.clear();
  w.log.touched = [...w.connections.values(), ...w.sessions.values(), ...w.servers.values()];
}

function seen(world: World, outcome: Outcome): Seen {
  return { world, outcome, told: told(world, outcome) };
}

/**
 * Looks at every step of a search under two rule sets. A finding is a cause, the pair of rules at
 * which the two part (`connect.new.ownerless | connect.new.owned`), as `compare` names it. What
 * differed in the state before, and on objects that had parted, is no new one.
 */
export class Partings implements Judge {
  #parted: PartedObjects | null = null;
  #freshness: Freshness | null = null;

  open(scene: Scene): void {
    const { from, to } = worldsOf(scene);
    touchAll(from);
    touchAll(to);
    this.#parted = new PartedObjects(from, to);
    this.#freshness = new Freshness(from, to);
    this.#parted.update();
    this.#freshness.update(differencesOf(seen(from, NO_OUTCOME), seen(to, NO_OUTCOME)));
  }

  findings(scene: Scene, [one, other]: readonly Outcome[]): readonly string[] {
    if (!one || !other || !this.#parted || !this.#freshness) return NOTHING;
    const worlds = worldsOf(scene);
    const from = seen(worlds.from, one);
    const to = seen(worlds.to, other);
    const differences = differencesOf(from, to);
    if (differences.length === 0) return NOTHING;
    const parted = this.#parted;
    const fresh = this.#freshness.fresh(differences).filter(({ subject: { kind, id } }) => {
      return kind === 'event' || !parted.has({ kind, id });
    });
    if (fresh.length === 0) return NOTHING;
    return partingsOf({ from, to, fresh }, parted).map(({ cause }) => cause);
  }
}

function worldsOf({ sides }: Scene): { from: World; to: World } {
  const [from, to] = sides;
  if (!from || !to) throw new Error('partings: two worlds are needed');
  return { from: from.world, to: to.world };
}
