import { cloneWorld, type RuleSet, World } from '../engine/index.ts';
import type { Header, TraceEvent } from '../format/index.ts';
import { takeOver } from '../replay/causes/take-over.ts';
import { Checkpoints, isOver, judge, misfits } from './judge.ts';
import { Names, type Trial } from './names.ts';
import { BACK, COPY_EVERY, ENOUGH, TRIED_MAX } from './repairs/bounds.ts';
import { candidatesFor } from './repairs/candidates.ts';
import { firstPlace, lastPlace, type Op, type Repair, repaired } from './repairs/edit.ts';
import { LEAVING } from './repairs/price.ts';
import { connOf, type Misfit, type Scene } from './repairs/scene.ts';
import { Uses } from './uses.ts';

/** A trace that fits the rules, or nearly so, and what that took. */
export interface Aligned {
  readonly events: readonly TraceEvent[];
  readonly added: number;
  readonly moved: number;
  /** Events that expect less than they did. */
  readonly relaxed: number;
  /** Events with other inputs. */
  readonly amended: number;
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
  #amended = 0;
  #tried = 0;
  #cutShort = 0;
  readonly #dropped: TraceEvent[] = [];
  /** Events that were moved: once is enough, or two could change places for ever. */
  readonly #movedOnce = new Set<TraceEvent>();
  /** Events that nothing makes fit. */
  readonly #left = new Set<TraceEvent>();
  /** Where connections went, by their ids. */
  readonly #freedAt = new Map<string, number>();
  readonly #named: ReadonlySet<string>;
  readonly #uses: Uses;
  readonly #isUsedFrom = (conn: string, event: TraceEvent): boolean =>
    this.#uses.isUsedFrom(conn, event);

  constructor(header: Header, rules: RuleSet, events: readonly TraceEvent[]) {
    this.#events = [...events];
    this.#named = new Set(events.map(connOf).filter((conn) => conn !== null));
    this.#uses = new Uses(events);
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
      amended: this.#amended,
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
    const judged = judge(this.#trial, event, this.#isUsedFrom);
    this.#names.learn(world, this.#at);
    const { outcome, fits } = judged;
    for (const entity of world.log.touched) {
      if (entity.kind === 'conn' && entity.freed) this.#freedAt.set(entity.id, this.#at);
    }
    if (!fits && !this.#left.has(event)) {
      const { differences, lost } = judged;
      const repair = this.#repairFor({ event, at: this.#at, differences, lost });
      if (repair !== null) {
        this.#make(repair);
        return false;
      }
      this.#left.add(event);
    }
    if (!fits) takeOver(world, event);
    this.#at++;
    return isOver(outcome);
  }

  /**
   * The cheapest repair of a place, of those that spoil least of what follows; null where it costs
   * less to leave it.
   */
  #repairFor(misfit: Misfit): Repair | null {
    const scene = this.#scene();
    const left = this.#try([], scene, { isLeft: true }) ?? 0;
    let best: { readonly repair: Repair | null; readonly price: number; readonly later: number } = {
      ...{ repair: null, price: LEAVING + left, later: Number.POSITIVE_INFINITY },
    };
    let tried = 0;
    let since = 0;
    for (const { repair, price, isPair } of candidatesFor(misfit, scene)) {
      // What costs more than the best one cannot be better.
      if (price >= best.price) {
        if (isPair) continue;
        break;
      }
      // Where one does no harm, what is better still is soon found.
      if (best.later <= left && (isPair || ++since > ENOUGH)) break;
      if (firstPlace(repair) < scene.oldest || this.#movesAgain(repair)) continue;
      if (tried++ === TRIED_MAX) break;
      const later = this.#try(repair, scene, { enough: best.price - price });
      if (later === null || price + later >= best.price) continue;
      best = { repair, price: price + later, later };
      since = 0;
    }
    this.#tried += tried;
    if (best.repair === null && tried > TRIED_MAX) this.#cutShort++;
    return best.repair;
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
      isUsedFrom: this.#isUsedFrom,
      sessionsFrom: (conn, event) => this.#uses.sessionsFrom(conn, event),
    };
  }

  /** The state before a place, and whatever goes on from it. */
  #stateBefore(place: number): Trial {
    const { at, world } = this.#points.before(place);
    const trial = this.#names.attend(world, at);
    for (let before = at; before < place; before++) {
      const event = this.#events[before];
      if (event === undefined) continue;
      const { fits } = judge(trial, event, this.#isUsedFrom);
      if (!fits) takeOver(world, event);
    }
    return trial;
  }

  /** How many events do not fit behind a repair; null where the place itself does not. */
  #try(
    repair: Repair,
    { world }: Scene,
    { isLeft = false, enough = Number.POSITIVE_INFINITY } = {},
  ): number | null {
    const at = this.#at;
    const first = repair.length === 0 ? at : firstPlace(repair);
    const trial = first < at ? this.#stateBefore(first) : this.#names.attend(cloneWorld(world), at);
    const events = repaired(this.#events, repair, first, this.#events.length + 1);
    const own = isLeft ? this.#events[at] : undefined;
    return misfits(trial, events, {
      target: at,
      isDropped: repair.some((op) => op.op === 'drop' && op.at === at),
      isLeft: (event) => event === own || this.#left.has(event),
      isUsed: this.#isUsedFrom,
      enough,
    });
  }

  #make(repair: Repair): void {
    const first = firstPlace(repair);
    for (const op of repair) this.#count(op);
    const end = lastPlace(repair) + 1;
    const changed = [...repaired(this.#events, repair, first, end)];
    for (const { event, isMoved } of changed) if (isMoved) this.#movedOnce.add(event);
    this.#uses.replace(this.#events[end] ?? this.#events.at(-1), changed);
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
    else if (op.op === 'amend') this.#amended++;
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
