import { cloneWorld, type RuleSet, World } from '../engine/index.ts';
import type { Header, TraceEvent } from '../format/index.ts';
import { takeOver } from '../replay/causes/take-over.ts';
import { BACK, COPY_EVERY, TRIED_MAX } from './bounds.ts';
import { candidatesFor, connOf, type Misfit, type Scene } from './candidates.ts';
import { firstPlace, lastPlace, type Op, type Repair, repaired } from './edit.ts';
import { Checkpoints, isOver, type Judged, judge, misfits } from './judge.ts';
import { lastResorts } from './last-resort.ts';
import { Names, type Trial } from './names.ts';

/** A trace that fits the rules, or nearly so, and what that took. */
export interface Aligned {
  readonly events: readonly TraceEvent[];
  readonly added: number;
  readonly moved: number;
  /** Events that expect less than they did. */
  readonly relaxed: number;
  /** Connections that go on as another one. */
  readonly renamed: number;
  readonly dropped: readonly TraceEvent[];
  /** Steps of the aligned trace, from 1, that nothing makes fit. */
  readonly left: readonly number[];
  /** Places at which not all repairs were tried, and none of those that were fits. */
  readonly cutShort: number;
  /** Events after the end of the modelled program, which nothing can be said of. */
  readonly behindEnd: number;
  /** Repairs that were tried in all. */
  readonly tried: number;
}

/** What aligning goes through, event by event. */
class Alignment {
  readonly #events: TraceEvent[];
  readonly #points = new Checkpoints(COPY_EVERY, BACK / COPY_EVERY + 1);
  #trial: Trial;
  readonly #names = new Names();
  #at = 0;
  #added = 0;
  #moved = 0;
  #relaxed = 0;
  #renamed = 0;
  #tried = 0;
  #cutShort = 0;
  readonly #dropped: TraceEvent[] = [];
  /** Events that were moved: once is enough, or two could change places for ever. */
  readonly #movedOnce = new Set<TraceEvent>();
  /** Events that nothing makes fit. */
  readonly #left = new Set<TraceEvent>();
  /** Where connections went, by their ids. */
  readonly #freedAt = new Map<string, number>();
  readonly #named: Set<string>;

  constructor(header: Header, rules: RuleSet, events: readonly TraceEvent[]) {
    this.#events = [...events];
    this.#named = new Set(events.map(connOf).filter((conn) => conn !== null));
    const world = new World(header.config ?? {}, rules, new Set(header.calls));
    this.#trial = this.#names.attend(world, 0);
  }

  /** Takes events until the trace is over; hands over the control now and then. */
  *run(): Generator<number, Aligned> {
    let isEnded = false;
    while (this.#at < this.#events.length && !isEnded) {
      isEnded = this.#next();
      yield this.#at;
    }
    return {
      events: this.#events,
      added: this.#added,
      moved: this.#moved,
      relaxed: this.#relaxed,
      renamed: this.#renamed,
      dropped: this.#dropped,
      left: this.#events.flatMap((event, at) => (this.#left.has(event) ? [at + 1] : [])),
      cutShort: this.#cutShort,
      behindEnd: this.#events.length - this.#at,
      tried: this.#tried,
    };
  }

  /** Takes the next event; true when the modelled program has come to its end. */
  #next(): boolean {
    const event = this.#events[this.#at];
    if (event === undefined) return true;
    const { world } = this.#trial;
    this.#points.pass(this.#at, world);
    const judged = judge(this.#trial, event);
    this.#names.learn(world, this.#at);
    const { outcome, fits } = judged;
    for (const entity of world.log.touched) {
      if (entity.kind === 'conn' && entity.freed) this.#freedAt.set(entity.id, this.#at);
    }
    if (!fits && !this.#left.has(event)) {
      const repair = this.#repairFor({ event, at: this.#at }, judged);
      if (repair !== null) {
        this.#make(repair);
        return false;
      }
    }
    if (!fits) takeOver(world, event);
    this.#at++;
    return isOver(outcome);
  }

  /** The cheapest repair of a place, of those that spoil least of what follows; null: none. */
  #repairFor(misfit: Misfit, { differences }: Judged): Repair | null {
    const scene = this.#scene();
    let best: { readonly repair: Repair; readonly price: number } | null = null;
    let tried = 0;
    for (const repair of candidatesFor(misfit, scene)) {
      // What costs more than the best one cannot be better.
      if (best !== null && repair.length >= best.price) break;
      if (firstPlace(repair) < scene.oldest || this.#movesAgain(repair)) continue;
      if (tried++ === TRIED_MAX) break;
      const later = this.#try(repair, scene);
      if (later === null) continue;
      const price = repair.length + later;
      if (best === null || price < best.price) best = { repair, price };
    }
    this.#tried += tried;
    if (best !== null) return best.repair;
    if (tried > TRIED_MAX) this.#cutShort++;
    for (const repair of lastResorts(misfit, scene, differences)) {
      if (this.#try(repair, scene) !== null) return repair;
    }
    this.#left.add(misfit.event);
    return null;
  }

  #movesAgain(repair: Repair): boolean {
    return repair.some((op) => {
      const event = op.op === 'move' ? this.#events[op.from] : undefined;
      return event !== undefined && this.#movedOnce.has(event);
    });
  }

  /** What surrounds the place that does not fit. */
  #scene(): Scene {
    const { world } = this.#stateBefore(this.#at);
    return {
      events: this.#events,
      oldest: this.#points.oldest,
      world,
      freedAt: this.#freedAt,
      named: this.#named,
    };
  }

  /** The state before a place, and whatever goes on from it. */
  #stateBefore(place: number): Trial {
    const { at, world } = this.#points.before(place);
    const trial = this.#names.attend(world, at);
    for (let before = at; before < place; before++) {
      const event = this.#events[before];
      if (event === undefined) continue;
      const { fits } = judge(trial, event);
      if (!fits) takeOver(world, event);
    }
    return trial;
  }

  /** How many events do not fit behind a repair; null where the place itself does not. */
  #try(repair: Repair, { world }: Scene): number | null {
    const first = firstPlace(repair);
    const trial =
      first < this.#at ? this.#stateBefore(first) : this.#names.attend(cloneWorld(world), this.#at);
    const events = repaired(this.#events, repair, first, this.#events.length + 1);
    const isDropped = repair.some((op) => op.op === 'drop' && op.at === this.#at);
    return misfits(trial, events, { target: this.#at, isDropped, left: this.#left });
  }

  #make(repair: Repair): void {
    const first = firstPlace(repair);
    for (const op of repair) this.#count(op);
    // A connection that has another name from here on has it everywhere.
    const isRenamed = repair.some(({ op }) => op === 'rename');
    const end = isRenamed ? this.#events.length + 1 : lastPlace(repair) + 1;
    const changed = [...repaired(this.#events, repair, first, end)];
    for (const { event, isMoved } of changed) if (isMoved) this.#movedOnce.add(event);
    this.#events.splice(first, end - first, ...changed.map(({ event }) => event));
    this.#points.forget(first);
    const { at, world } = this.#points.before(first);
    this.#names.forget(at);
    this.#trial = this.#names.attend(world, at);
    this.#at = at;
  }

  #count(op: Op): void {
    if (op.op === 'add') this.#added++;
    else if (op.op === 'move') this.#moved++;
    else if (op.op === 'relax') this.#relaxed++;
    else if (op.op === 'rename') this.#renamed++;
    else {
      const event = this.#events[op.at];
      if (event !== undefined) this.#dropped.push(event);
    }
  }
}

/**
 * Aligns the events of a valid trace with a rule set. Each step of the generator is one event that
 * was looked at, so that whoever runs it can do something else meanwhile.
 */
export function align(
  header: Header,
  rules: RuleSet,
  events: readonly TraceEvent[],
): Generator<number, Aligned> {
  return new Alignment(header, rules, events).run();
}
