import type { RuleSet } from '../../engine/rule-sets/index.ts';
import type { Header, TraceEvent } from '../../format/index.ts';
import { Replay } from '../../replay/index.ts';
import type { ReplayObserver, StepResult } from '../../replay/result.ts';

/** How well a rule set gives what a trace expects. */
export interface Fit {
  /** Name of the rule set. */
  readonly rules: string;
  /** First causes of what comes out otherwise, and an end of which the trace says nothing. */
  readonly divergences: number;
  /** The first step that comes out otherwise; null when none does, or only by that end. */
  readonly first: StepResult | null;
}

/** Which rule sets a trace can come from. */
export interface Origin {
  readonly title: string | null;
  readonly steps: number;
  /** The trace expects nothing: each rule set agrees, and that says nothing. */
  readonly isSilent: boolean;
  /** One for each rule set, in their order. */
  readonly fits: readonly Fit[];
}

/** One rule set that judges the trace as `replay` does. */
class Judge implements ReplayObserver {
  readonly #replay: Replay;
  #first: StepResult | null = null;

  constructor(
    path: string,
    readonly rules: RuleSet,
  ) {
    this.#replay = new Replay(path, { rules: rules.id, record: 'nothing' }, this);
  }

  start(): void {}

  step(step: StepResult): void {
    if (step.divergences.length > 0) this.#first ??= step;
  }

  header(header: Header, line: number): void {
    this.#replay.header(header, line);
  }

  event(event: TraceEvent, line: number): void {
    this.#replay.event(event, line);
  }

  end(): Fit {
    const { divergences, unstatedBy } = this.#replay.end();
    return {
      rules: this.rules.id,
      divergences: divergences + unstatedBy.crash,
      first: this.#first,
    };
  }
}

/** Holds one trace against several rule sets, whichever it names itself. */
export class Which {
  readonly #judges: readonly Judge[];
  #title: string | null = null;
  #steps = 0;
  #isSilent = true;

  constructor(path: string, sets: readonly RuleSet[]) {
    this.#judges = sets.map((rules) => new Judge(path, rules));
  }

  /** Takes line 1. */
  header(header: Header, line: number): void {
    this.#title = header.title ?? null;
    for (const judge of this.#judges) judge.header(header, line);
  }

  /** Takes the next event. The header must have been taken. */
  event(event: TraceEvent, line: number): void {
    this.#steps++;
    if (event.expect !== undefined) this.#isSilent = false;
    for (const judge of this.#judges) judge.event(event, line);
  }

  /** The trace is over. */
  end(): Origin {
    return {
      title: this.#title,
      steps: this.#steps,
      isSilent: this.#isSilent,
      fits: this.#judges.map((judge) => judge.end()),
    };
  }
}

/** The rule sets that agree, of one trace or of several. */
export function agreeing(fits: readonly Fit[]): string[] {
  return fits.filter(({ divergences }) => divergences === 0).map(({ rules }) => rules);
}

/**
 * Of the rule sets that do not agree the one that is nearest: with the fewest first causes, of these
 * the one that comes furthest, of these the newest. Null when all agree.
 */
export function nearest(fits: readonly Fit[]): Fit | null {
  const far = ({ first }: Fit): number => first?.number ?? Number.POSITIVE_INFINITY;
  const isNearer = (one: Fit, other: Fit): boolean =>
    one.divergences === other.divergences
      ? far(one) >= far(other)
      : one.divergences < other.divergences;
  return fits
    .filter(({ divergences }) => divergences > 0)
    .reduce<Fit | null>((best, fit) => (best === null || isNearer(fit, best) ? fit : best), null);
}
