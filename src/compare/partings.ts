/*
 * What is a cause, and what merely follows.
 *
 * The decisions of a step are laid side by side; where they differ is a gap, and a gap has pairs:
 * what the worlds decided there instead of each other (pairs.ts). A pair is a parting, hence a
 * cause, when all of this holds:
 *
 * - It matters: a field came out differently by it that was the same before, or other ownership
 *   functions were called, or the program ended (effects.ts).
 * - Both sides answer the same question: they looked at an object in common. Where the rules
 *   differ, one may look at a server and the other at a connection of it.
 * - The worlds still hold the same: nothing that was looked at had parted before the step
 *   (parted-objects.ts). A server beside a session does not count: it is a key of its list.
 * - The pair is the first of the step that matters, and its function has not gone on differently
 *   before. Whatever is decided after that is about a step which goes on differently.
 *
 * Where one decision of the pair exists under one of the rule sets only, the rules themselves
 * differ: only its subject must not have parted, and the pair may come later in its step. So may
 * an end of the program.
 *
 * Where the event cannot happen under one of the rule sets, that is a cause if nothing had parted
 * that the other one looks at: it has what the event is about, or lets it come.
 *
 * Everything else follows: equal decisions that find another state, and whatever is done with
 * objects that have parted.
 */

import type { Entity } from '../engine/objects/step-log.ts';
import { hasRule } from '../engine/rule-sets/differences.ts';
import type { EventName } from '../format/index.ts';
import type { Difference } from '../replay/compare.ts';
import { gapsOf } from './align.ts';
import { type BothSteps, effectsOf, openGap } from './effects.ts';
import type { Seen } from './observables.ts';
import { type Pair, pairsOf } from './pairs.ts';
import type { PartedObjects } from './parted-objects.ts';
import type { Parting, Side } from './result.ts';
import { impossibleSide, isEndOf, sideOf, type Taken, takenIn } from './taken.ts';

/** The objects whose state a decision has read; of a switched rule its subject counts alone. */
function readBy(taken: Taken | null, byRules: boolean): readonly Entity[] {
  const objects = taken?.objects ?? [];
  if (byRules) return objects.slice(0, 1);
  const hasSession = objects.some(({ kind }) => kind === 'sess');
  return hasSession ? objects.filter(({ kind }) => kind !== 'srv') : objects;
}

/** Whether an object is one of a side's. */
function isAmong({ kind, id }: Entity, all: readonly Entity[]): boolean {
  return all.some((each) => each.kind === kind && each.id === id);
}

/** Subjects with the server of a connection: a rule may ask that what another asks each of its own. */
function withServers(all: readonly Entity[]): readonly Entity[] {
  const servers = all.flatMap((each) => (each.kind === 'conn' && each.srv ? [each.srv] : []));
  return [...all, ...servers];
}

/** Whether both sides looked at an object in common; a side without objects looks at any. */
function isSameQuestion(
  one: readonly Entity[],
  other: readonly Entity[],
  byRules: boolean,
): boolean {
  if (one.length === 0 || other.length === 0) return true;
  if (one.some((each) => isAmong(each, other))) return true;
  if (!byRules) return false;
  // Two connections of one server are two questions.
  return (
    one.some((each) => isAmong(each, withServers(other))) ||
    other.some((each) => isAmong(each, withServers(one)))
  );
}

/** Whether a decision cannot be taken under one of the rule sets. */
function isSwitched({ decision }: Taken, { from, to }: BothSteps): boolean {
  if (decision === null) return false;
  return [from, to].some(({ world }) => !hasRule(world.rules, decision.rule.id));
}

/** Whether both worlds decided, and one of them could not have decided like the other. */
function isByRules({ from, to }: Pair, step: BothSteps): boolean {
  if (from === null || to === null) return false;
  return isSwitched(from, step) || isSwitched(to, step);
}

/** Tells the causes of one step from what follows, pair by pair. */
class Judge {
  readonly #step: BothSteps;
  readonly #parted: PartedObjects;
  /** Something that matters was decided differently already. */
  #isLater = false;
  /** Functions that went on differently already, for whatever reason but the rules. */
  readonly #functions = new Set<string>();

  constructor(step: BothSteps, parted: PartedObjects) {
    this.#step = step;
    this.#parted = parted;
  }

  /** The next pair of the step as a cause, or null when it merely follows, or does not matter. */
  next(pair: Pair, differences: readonly Difference[]): Parting | null {
    const byRules = isByRules(pair, this.#step);
    const fn = (pair.from ?? pair.to)?.fn ?? '';
    const isFirst = !this.#isLater && !this.#functions.has(fn);
    if (!byRules) this.#functions.add(fn);
    if (differences.length === 0) return null;
    this.#isLater = true;
    return this.#isCause(pair, byRules, isFirst)
      ? partingOf(pair, byRules, differences, this.#step)
      : null;
  }

  #isCause({ from, to }: Pair, byRules: boolean, isFirst: boolean): boolean {
    if (!isFirst && !byRules && !isEndOf(from) && !isEndOf(to)) return false;
    const one = readBy(from, byRules);
    const other = readBy(to, byRules);
    if (!isSameQuestion(one, other, byRules)) return false;
    return ![...one, ...other].some((object) => this.#parted.has(object));
  }
}

function partingOf(
  pair: Pair,
  byRules: boolean,
  differences: readonly Difference[],
  step: BothSteps,
): Parting {
  const from = sideOf(step.from.world, pair.from);
  const to = sideOf(step.to.world, pair.to);
  const kind = byRules ? 'rules' : 'state';
  return { cause: `${from.rule} | ${to.rule}`, kind, from, to, differences };
}

/**
 * Finds where two worlds part in a step. To be called before the next step, and before the
 * objects that part in this one are taken note of.
 *
 * @returns the causes in the order in which they were decided; none when the step merely follows.
 * A difference of the step belongs to one of them at most.
 */
export function partingsOf(step: BothSteps, parted: PartedObjects): Parting[] {
  const { from, to } = step;
  if (from.outcome.kind === 'impossible' || to.outcome.kind === 'impossible') return [];
  const sequences = {
    from: takenIn(from.world, from.outcome),
    to: takenIn(to.world, to.outcome),
  };
  const keys = (taken: readonly Taken[]): string[] => taken.map(({ key }) => key);
  const judge = new Judge(step, parted);
  const left = new Set(step.fresh);
  const partings: Parting[] = [];
  for (const gap of gapsOf(keys(sequences.from), keys(sequences.to))) {
    const pairs = pairsOf(gap, sequences, (taken) => isSwitched(taken, step));
    const open = openGap(gap, sequences, pairs);
    const effects = effectsOf(open, left, step);
    for (const pair of open.pairs) {
      const own = effects.get(pair) ?? [];
      for (const each of own) left.delete(each);
      const parting = judge.next(pair, own);
      if (parting !== null) partings.push(parting);
    }
  }
  return partings;
}

/** Why the event cannot happen in a world; null where it can. */
function impossibleIn({ outcome }: Seen): string | null {
  return outcome.kind === 'impossible' ? outcome.reason : null;
}

/**
 * The cause of a step that cannot be under one of the rule sets; none where that merely follows, or
 * where it cannot be under either. To be called as `partingsOf` is.
 */
export function partingsOfImpossible(
  event: EventName,
  step: BothSteps,
  parted: PartedObjects,
): Parting[] {
  const { from, to, fresh } = step;
  const reasons = { from: impossibleIn(from), to: impossibleIn(to) };
  if ((reasons.from === null) === (reasons.to === null)) return [];
  const { world, outcome } = reasons.from === null ? from : to;
  const taken = takenIn(world, outcome);
  if (taken.some(({ objects }) => objects.some((object) => parted.has(object)))) return [];
  const own = taken.find(({ fn }) => fn === event) ?? taken[0] ?? null;
  const side = (seen: Seen, reason: string | null): Side =>
    reason === null ? sideOf(seen.world, own) : impossibleSide(event, reason);
  const sides = { from: side(from, reasons.from), to: side(to, reasons.to) };
  const cause = `${sides.from.rule} | ${sides.to.rule}`;
  return [{ cause, kind: 'rules', ...sides, differences: fresh }];
}
