import { World } from '../engine/objects/world.ts';
import type { RuleSet } from '../engine/rule-sets/index.ts';
import { type End, isEnd, step } from '../engine/step/step.ts';
import type { Header, TraceEvent } from '../format/index.ts';
import { ChangeRecorder } from '../replay/changes.ts';
import { ConnNames } from '../replay/conn-names.ts';
import type { Seen } from './observables.ts';
import type { ComparedStep, ComparisonObserver, FileComparison } from './result.ts';
import { SideBySide } from './side-by-side.ts';
import { told, touchedIds } from './told.ts';

/** The two rule sets that are compared. */
export interface ComparedRules {
  readonly from: RuleSet;
  readonly to: RuleSet;
}

/** One world per rule set. */
interface Worlds {
  readonly from: World;
  readonly to: World;
  readonly sides: SideBySide;
  /** What each step changes in either world; null when nobody wants to know. */
  readonly changes: { readonly from: ChangeRecorder; readonly to: ChangeRecorder } | null;
}

/**
 * Compares two rule sets on one trace: takes its header and its events in order, lets each event
 * happen in a world of either set, and tells where they part. What the trace expects is not
 * looked at. A new connection bears the same name in both worlds. Memory does not grow with the
 * length of the trace, except for the names taken (a bit each).
 */
export class Comparison {
  #worlds: Worlds | null = null;
  readonly #names = new ConnNames();
  /** Name of the connection that the running step makes, in either world. */
  #newName: string | null = null;
  #title: string | null = null;
  #steps = 0;
  #differing = 0;
  #parting = 0;
  #end: FileComparison['end'] = null;

  constructor(
    readonly path: string,
    readonly rules: ComparedRules,
    readonly observer: ComparisonObserver,
    /** Tells what each step changes in either world. */
    readonly records = false,
  ) {}

  /** Takes line 1. */
  header(header: Header, _line: number): void {
    const { from, to } = this.rules;
    const config = header.config ?? {};
    const counted = new Set(header.calls);
    const worlds = { from: new World(config, from, counted), to: new World(config, to, counted) };
    worlds.from.nameConnection = this.#name;
    worlds.to.nameConnection = this.#name;
    const changes = this.records
      ? { from: new ChangeRecorder(worlds.from), to: new ChangeRecorder(worlds.to) }
      : null;
    this.#worlds = { ...worlds, sides: new SideBySide(worlds.from, worlds.to), changes };
    this.#title = header.title ?? null;
    this.observer.start({ path: this.path, header, from: from.id, to: to.id });
  }

  /** Takes the next event. The header must have been taken. Nothing is told after the end of a program. */
  event(event: TraceEvent, line: number): void {
    const worlds = this.#worlds;
    if (!worlds) throw new Error('an event before the header');
    this.#steps++;
    if (this.#end !== null) return;
    this.#newName = null;
    const from = take(worlds.from, event);
    const to = take(worlds.to, event);
    this.#names.learn(worlds.from);
    this.#names.learn(worlds.to);
    const { partings, following } = worlds.sides.judge(event.event, from, to);
    if (isEnd(from.outcome) || isEnd(to.outcome)) {
      this.#end = { step: this.#steps, from: endIn(from), to: endIn(to) };
    }
    if (partings.length + following.length > 0) this.#differing++;
    if (partings.length > 0) this.#parting++;
    this.observer.step({
      number: this.#steps,
      line,
      event,
      touches: touchedIds(event, worlds.from, worlds.to),
      from: from.told,
      to: to.told,
      partings,
      following,
      ...changesIn(worlds),
    });
  }

  /** The trace is over. */
  end(): FileComparison {
    const { from, to } = this.rules;
    return {
      path: this.path,
      title: this.#title,
      from: from.id,
      to: to.id,
      steps: this.#steps,
      differing: this.#differing,
      parting: this.#parting,
      end: this.#end,
      uncompared: this.#end === null ? 0 : this.#steps - this.#end.step,
    };
  }

  /** At most one connection comes into being at a step: whichever world asks, it has one name. */
  readonly #name = (strm: string, claimed: string | undefined): string => {
    this.#newName ??= this.#names.next(strm, claimed);
    return this.#newName;
  };
}

function changesIn({ changes }: Worlds): Pick<ComparedStep, 'changes'> {
  if (changes === null) return {};
  return { changes: { from: changes.from.take(), to: changes.to.take() } };
}

function endIn({ outcome }: Seen): Pick<End, 'kind' | 'fn'> | null {
  return isEnd(outcome) ? { kind: outcome.kind, fn: outcome.fn } : null;
}

function take(world: World, event: TraceEvent): Seen {
  const outcome = step(world, event);
  return { world, outcome, told: told(world, outcome) };
}
