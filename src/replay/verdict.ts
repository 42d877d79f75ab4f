import type { Breach } from '../engine/invariants/index.ts';
import type { Decision } from '../engine/objects/step-log.ts';
import type { World } from '../engine/objects/world.ts';
import { isRead } from '../evidence/index.ts';
import { isOutcome } from './findings.ts';
import { endedBy, lastAbout } from './reason/decided-by.ts';
import type { Divergence } from './result.ts';

/** The rules that a verdict rests on: those by which it came to what it has to tell. */
export class Verdict {
  readonly #rules = new Set<string>();

  /** The last step ended the modelled program, by a crash or an abort. */
  end(w: World, how: 'crash' | 'abort'): void {
    this.#add(endedBy(w, how));
  }

  /** The last step has broken something; an input that cannot be was decided by no rule. */
  findings(w: World, breaches: readonly Breach[]): void {
    for (const { invariant, subject } of breaches) {
      if (isOutcome(invariant.name)) this.#add(lastAbout(w, subject));
    }
  }

  /** The last step has diverged; what merely follows from another step is none of its own. */
  divergences(all: readonly Divergence[]): void {
    for (const { decidedBy, follows } of all) {
      if (follows === null && decidedBy !== null) this.#rules.add(decidedBy.rule);
    }
  }

  #add(decision: Decision | undefined): void {
    if (decision !== undefined) this.#rules.add(decision.rule.id);
  }

  /** Those of the rules that no recording of HAProxy has exercised, as they came. */
  get unrecorded(): string[] {
    return [...this.#rules].filter(isRead);
  }
}
