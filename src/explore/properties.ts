import { crashSite } from '../engine/crash-site.ts';
import { INVARIANTS, promisedUnder, takeBreaches } from '../engine/invariants/index.ts';
import type { RuleSet } from '../engine/rule-sets/index.ts';
import type { Outcome } from '../engine/step.ts';
import type { World } from '../engine/world.ts';
import type { InvariantName } from '../format/index.ts';

/** No step crashes the modelled program. */
export const NO_CRASH = 'no-crash';
/** No connection stays that nothing can find any more, when the session that made it is gone. */
export const NO_LEAK = 'no-leak';

/** Every property that holds always, or is broken. */
export const ALWAYS: readonly string[] = [NO_CRASH, NO_LEAK, ...INVARIANTS.map(({ name }) => name)];

const NOTHING: readonly string[] = [];

/**
 * What is checked at every step of a search. A finding is the name of a property, with the place
 * of the crash behind it where one function can crash in several ways: `no-crash conn_free(freed)`.
 */
export class Properties {
  readonly #invariants: ReadonlySet<InvariantName>;
  readonly #crash: boolean;
  readonly #leak: boolean;

  /** @param names which properties to check; null: all that the rule set promises */
  constructor(rules: RuleSet, names: readonly string[] | null) {
    const selected = names === null ? null : new Set(names);
    const promised = promisedUnder(rules);
    this.#invariants = new Set(promised.filter((name) => selected?.has(name) ?? true));
    this.#crash = selected?.has(NO_CRASH) ?? true;
    this.#leak = selected?.has(NO_LEAK) ?? true;
  }

  /** What the last step has broken. To be asked after every step, before the next one. */
  broken(w: World, outcome: Outcome): readonly string[] {
    if (outcome.kind === 'crash') {
      return this.#crash ? [`${NO_CRASH} ${crashSite(w, outcome.fn)}`] : NOTHING;
    }
    let found = NOTHING;
    for (const { invariant } of takeBreaches(w)) {
      if (this.#invariants.has(invariant.name)) found = [...found, invariant.name];
    }
    return this.#leak && hasLeak(w) ? [...found, NO_LEAK] : found;
  }
}

/**
 * Has the step left a connection without a stream and in no list, whose owner is gone or never
 * was? Only its own timeout or the server can end it now.
 */
function hasLeak(w: World): boolean {
  for (const entity of w.log.touched) {
    if (entity.kind !== 'conn' || entity.freed) continue;
    const { list, sessionList, streams, ctx, owner } = entity;
    if (list.linked || sessionList.linked || streams > 0 || owner?.freed === false) continue;
    if (ctx === null || ctx.orphans.length === 0) return true;
  }
  return false;
}
