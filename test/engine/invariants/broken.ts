import { takeBreaches } from '../../../src/engine/invariants/index.ts';
import type { Scene } from '../support.ts';

/** What the last step of a scene has broken, e.g. `no-orphan c1`. */
export function broken({ w }: Pick<Scene, 'w'>): string[] {
  return takeBreaches(w).map(({ invariant, subject }) => `${invariant.name} ${subject.id}`);
}
