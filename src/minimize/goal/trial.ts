import { type Broken, NOTHING_BROKEN, takeBroken } from '../../engine/invariants/index.ts';
import { World } from '../../engine/objects/world.ts';
import type { RuleSet } from '../../engine/rule-sets/index.ts';
import { isEnd, type Outcome, step } from '../../engine/step/step.ts';
import { isConnect, TRACE_FORMAT, type TraceEvent } from '../../format/index.ts';
import { ConnNames } from '../../replay/conn-names.ts';
import { References } from '../../trace/check/references.ts';
import { Affinities } from './affinities.ts';
import type { Candidate } from './candidate.ts';
import type { Goal } from './goal.ts';
import { type Habit, StreamHabits } from './stream-habits.ts';
import type { Found, Taken } from './taken.ts';

/** What became of a candidate that shows what it should. */
interface Shown extends Candidate {
  /** No event had to be dropped or changed. */
  readonly isWhole: boolean;
  /** How a last event that is kept as it is could claim the connection that it gets. */
  readonly claims: readonly TraceEvent[];
}

/**
 * Runs a candidate and repairs it on the way: events that cannot happen or that the reader would
 * not take, because something else was removed, are dropped; a `conn` of an event that connects
 * becomes the name of the connection that comes of it, unless that is what the goal is about. The
 * first step that shows the goal is the last one.
 *
 * @returns what is left, a valid trace that shows the goal; null when nothing shows it
 */
export function tryOut(goal: Goal, candidate: Candidate): Candidate | null {
  const shown = repaired(goal, candidate);
  return shown !== null && goal.accepts?.(shown) === false ? null : shown;
}

function repaired(goal: Goal, candidate: Candidate): Candidate | null {
  let shown = new Trial(goal, candidate).run();
  // What was dropped or renamed may have vouched for a later event: the rest has to stand alone.
  while (shown !== null && !shown.isWhole) shown = new Trial(goal, shown).run();
  if (shown === null) return null;
  const { config, events } = shown;
  for (const last of shown.claims) {
    const claimed = new Trial(goal, { config, events: events.with(-1, last) }).run();
    if (claimed?.isWhole) return claimed;
  }
  return { config, events };
}

/** Of a step that is not asked what it differs in. */
const UNSEEN: Found = {
  held: null,
  sess: null,
  sessions: new Set(),
  connections: new Set(),
};

/** What the streams of a trace do that those of most do not. */
export function habitsOf(rules: RuleSet, { config, events }: Candidate): Set<Habit> {
  const world = new World(config, rules);
  const names = new ConnNames();
  world.nameConnection = names.next;
  const streams = new StreamHabits();
  const habits = new Set<Habit>();
  for (const event of events) {
    const habit = streams.of(event, world);
    if (step(world, event).kind !== 'done') continue;
    if (habit !== null) habits.add(habit);
    if (world.log.odd.length > 0) habits.add('impossible-input');
    names.learn(world);
  }
  return habits;
}

/** One run of one candidate. */
class Trial {
  readonly #goal: Goal;
  readonly #candidate: Candidate;
  readonly #world: World;
  readonly #references: References;
  readonly #names = new ConnNames();
  readonly #affinities = new Affinities();
  readonly #habits = new StreamHabits();
  readonly #sessions = new Set<string>();
  readonly #connections = new Set<string>();
  readonly #kept: TraceEvent[] = [];
  #isWhole = true;

  constructor(goal: Goal, candidate: Candidate) {
    const { config } = candidate;
    this.#goal = goal;
    this.#candidate = candidate;
    this.#world = new World(config, goal.rules, goal.counted);
    this.#world.nameConnection = this.#names.next;
    const calls = [...(goal.counted ?? [])];
    this.#references = new References({ trace: TRACE_FORMAT, calls, config });
  }

  run(): Shown | null {
    const { config, events } = this.#candidate;
    const last = events.length - 1;
    for (const [at, event] of events.entries()) {
      const isLast = at === last;
      const isPinned = this.#goal.pinned && isLast;
      if (!this.#affinities.agrees(event) && this.#goal.keepsAffinities) return null;
      const isReadable = this.#references.check(event).length === 0;
      if (!isReadable) {
        if (isPinned) return null;
        this.#isWhole = false;
        continue;
      }
      const habit = this.#habits.of(event, this.#world);
      if (habit !== null && this.#goal.habits?.has(habit) === false) return null;
      const before = isPinned ? this.#find(event) : UNSEEN;
      const outcome = step(this.#world, event);
      if (this.#isOdd(outcome)) return null;
      const verdict = this.#look({ event, outcome, before }, isPinned);
      if (verdict === 'spoilt') return null;
      if (verdict === 'shown') {
        return { config, ...this.#ended(event, outcome, isPinned) };
      }
      if (isEnd(outcome)) return null;
      if (outcome.kind === 'done') this.#keep(event, outcome);
      else this.#isWhole = false;
    }
    return null;
  }

  /**
   * Whether a step said what cannot be, and no step of the whole trace did. An end or a broken promise
   * is as small as it can be all the same; what differs is a question to the real program.
   */
  #isOdd(outcome: Outcome): boolean {
    if (this.#goal.signature.kind !== 'divergence' || outcome.kind === 'impossible') return false;
    return this.#world.log.odd.length > 0 && this.#goal.habits?.has('impossible-input') === false;
  }

  /** The last event has come. */
  #ended(event: TraceEvent, outcome: Outcome, isPinned: boolean): Omit<Shown, 'config'> {
    const claimed = claiming(this.#world, event, outcome);
    const isSame = claimed === event;
    this.#kept.push(isPinned ? event : claimed);
    const claims = isPinned && !isSame ? [claimed, unclaimed(event)] : [];
    return { events: this.#kept, isWhole: this.#isWhole && (isPinned || isSame), claims };
  }

  #find(event: TraceEvent): Found {
    const cs = 'strm' in event ? this.#world.streams.get(event.strm) : undefined;
    const sess = 'sess' in event ? event.sess : (cs?.sess.id ?? null);
    return {
      held: cs?.conn.id ?? null,
      sess,
      sessions: this.#sessions,
      connections: this.#connections,
    };
  }

  #look(
    { event, outcome, before }: Pick<Taken, 'event' | 'outcome' | 'before'>,
    isPinned: boolean,
  ): 'shown' | 'spoilt' | 'not-yet' {
    const broken: readonly Broken[] =
      outcome.kind === 'done' ? takeBroken(this.#world) : NOTHING_BROKEN;
    if (this.#goal.pinned && !isPinned) return 'not-yet';
    const taken = { world: this.#world, event, outcome, broken, before };
    if (this.#goal.shows(taken)) return 'shown';
    return isEnd(outcome) || this.#goal.spoils?.(taken) ? 'spoilt' : 'not-yet';
  }

  #keep(event: TraceEvent, outcome: Outcome & { kind: 'done' }): void {
    this.#names.learn(this.#world);
    if (event.event === 'session_new') this.#sessions.add(event.sess);
    for (const { fn, ret } of this.#world.log.calls) {
      if (fn === 'conn_new' && typeof ret === 'object' && ret !== null) {
        this.#connections.add(ret.id);
      }
    }
    const claimed = claiming(this.#world, event, outcome);
    if (claimed !== event) this.#isWhole = false;
    this.#kept.push(claimed);
  }
}

/**
 * An event that connects, with the connection that came of it as its `conn`. Where none did, its
 * claim is void, but lets later events speak of such a connection.
 */
function claiming(world: World, event: TraceEvent, outcome: Outcome): TraceEvent {
  if (!isConnect(event)) return event;
  const returned = outcome.kind === 'done' ? outcome.returned.conn : undefined;
  const created = world.log.calls.find(({ fn }) => fn === 'conn_new')?.ret;
  const conn = returned ?? (typeof created === 'object' ? created : null);
  return conn === null || event.conn === conn.id ? event : { ...event, conn: conn.id };
}

function unclaimed(event: TraceEvent): TraceEvent {
  return Object.fromEntries(Object.entries(event).filter(([key]) => key !== 'conn')) as TraceEvent;
}
