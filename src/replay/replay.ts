import type { Connection } from '../engine/connection-t.ts';
import { callText, viewWorld } from '../engine/observe.ts';
import { DEFAULT_RULE_SET, findRuleSet, ruleSetNames } from '../engine/rule-sets/index.ts';
import { type Outcome, step } from '../engine/step.ts';
import type { Entity } from '../engine/step-log.ts';
import { firstFreeName, World } from '../engine/world.ts';
import type { Header, TraceEvent } from '../format/index.ts';
import { IdSet } from '../trace/id-set.ts';
import { decidedBy } from './attribute.ts';
import { Causes, causeKey } from './causes.ts';
import { ChangeRecorder } from './changes.ts';
import { compare, type Difference } from './compare.ts';
import type { Divergence, FileResult, ReplayObserver, StepOutcome, Subject } from './result.ts';
import { Trails } from './trails.ts';

/** What of each step is told besides its outcome. */
export type Recorded = 'nothing' | 'changes' | 'state';

/** How a trace is replayed. */
export interface ReplayOptions {
  /** Judges instead of the rule set that the header names. */
  readonly rules?: string | undefined;
  /**
   * `nothing`: only diverging steps are told, without changes; `changes`: every step, with what
   * it changed; `state`: the whole state after each step as well.
   */
  readonly record: Recorded;
}

/**
 * Replays one trace: takes its header and its events in order, lets the engine act, and holds the
 * outcome against what the trace expects. After a divergence the engine goes on from its own
 * state. Memory does not grow with the length of the trace.
 */
export class Replay {
  #world: World | null = null;
  #recorder: ChangeRecorder | null = null;
  readonly #trails = new Trails();
  readonly #causes = new Causes();
  readonly #names = new IdSet();
  #title: string | null = null;
  #steps = 0;
  #divergences = 0;
  #followers = 0;
  #divergingSteps = 0;
  /** The modelled program is dead since this step. */
  #crash: Crashed | null = null;

  constructor(
    readonly path: string,
    readonly options: ReplayOptions,
    readonly observer: ReplayObserver,
  ) {}

  /**
   * Takes line 1.
   *
   * @returns what is wrong with the rule set that the header names, or null
   */
  header(header: Header, _line: number): string | null {
    const name = this.options.rules ?? header.rules ?? DEFAULT_RULE_SET.id;
    const rules = findRuleSet(name);
    if (!rules) return `unknown rule set "${name}"; allowed are ${ruleSetNames().join(', ')}`;
    const world = new World(header.config ?? {}, rules);
    world.nameConnection = (strm, claimed) => firstFreeName(strm, claimed, this.#isTaken);
    this.#world = world;
    this.#title = header.title ?? null;
    if (this.options.record !== 'nothing') this.#recorder = new ChangeRecorder(world);
    this.observer.start({ path: this.path, header, rules: rules.id });
    return null;
  }

  /** Takes the next event. The header must have been taken. */
  event(event: TraceEvent, line: number): void {
    const world = this.#world;
    if (!world) throw new Error('an event before the header');
    const number = ++this.#steps;
    const outcome = this.#crash ? afterCrash(world, this.#crash) : step(world, event);
    if (outcome.kind === 'crash') this.#crash = { step: number, fn: outcome.fn, cause: null };
    if (outcome.kind === 'done') this.#learnName(outcome.returned.conn);
    const divergences = this.#judge(world, event, outcome, number);
    if (this.options.record !== 'nothing' || divergences.length > 0) {
      const withState = this.options.record === 'state';
      this.observer.step({
        number,
        line,
        event,
        outcome: tell(world, outcome),
        changes: this.#recorder?.take() ?? [],
        touches: touchedIds(world, event),
        divergences,
        get state() {
          return withState ? viewWorld(world) : undefined;
        },
      });
    }
    this.#trails.add({ number, line, event: withoutExpect(event) }, world.log.touched);
  }

  /** The trace is over. */
  end(): FileResult {
    return {
      path: this.path,
      title: this.#title,
      rules: this.#world?.rules.id ?? this.options.rules ?? DEFAULT_RULE_SET.id,
      steps: this.#steps,
      divergences: this.#divergences,
      followers: this.#followers,
      divergingSteps: this.#divergingSteps,
      crash: this.#crash?.fn ?? null,
    };
  }

  readonly #isTaken = (id: string): boolean => this.#names.has(id);

  /** A connection's name is used up, unless nothing came of the connection. */
  #learnName(conn: Connection | null | undefined): void {
    if (conn && !conn.freed) this.#names.add(conn.id);
  }

  #judge(world: World, event: TraceEvent, outcome: Outcome, number: number): Divergence[] {
    if (outcome.kind === 'impossible') {
      return this.#settle(world, event, number, 'impossible', [
        {
          subject: { kind: 'event', id: '' },
          field: 'event',
          expected: event.event,
          actual: outcome.reason,
        },
      ]);
    }
    const differences = compare(world, event, outcome);
    if (differences.length === 0) return [];
    return this.#settle(world, event, number, 'field', differences);
  }

  /** Tells first causes from what follows from them, and says who decided. */
  #settle(
    world: World,
    event: TraceEvent,
    number: number,
    kind: Divergence['kind'],
    differences: readonly Difference[],
  ): Divergence[] {
    const involved = involvedKeys(world, event);
    const before = this.#causes.of(involved) ?? this.#crash?.cause ?? null;
    const divergences = differences.map((difference): Divergence => {
      const own = this.#causes.of([causeKey(difference.subject)]);
      return {
        kind,
        ...difference,
        subject: about(difference.subject, event),
        decidedBy: kind === 'impossible' ? null : decidedBy(world, difference),
        followsFrom: own ?? before,
        trail: this.#trails.of(subjectEntity(world, event, difference.subject)),
      };
    });
    // Only now: divergences of one step stand side by side, none follows from another.
    const cause = before ?? number;
    if (this.#crash) this.#crash.cause ??= cause;
    for (const { subject } of differences) {
      if (subject.kind !== 'event') this.#causes.spread(causeKey(subject), cause);
    }
    for (const key of involved) if (!key.startsWith('srv ')) this.#causes.spread(key, cause);
    const followers = divergences.filter((d) => d.followsFrom !== null).length;
    this.#followers += followers;
    this.#divergences += divergences.length - followers;
    this.#divergingSteps++;
    return divergences;
  }
}

/** The event without its expectation, which is most of it and would be kept alive for long. */
function withoutExpect(event: TraceEvent): TraceEvent {
  if (event.expect === undefined) return event;
  const { expect: _, ...rest } = event;
  return rest;
}

/** The end of the modelled program. */
interface Crashed {
  readonly step: number;
  readonly fn: string;
  /** The step of the divergence that the events after the crash follow from, once there is one. */
  cause: number | null;
}

/** After a crash the model has nothing to act on. */
function afterCrash(world: World, crash: Crashed): Outcome {
  world.log.clear();
  return {
    kind: 'impossible',
    reason: `the program crashed in ${crash.fn} at step ${crash.step}: nothing is defined after it`,
  };
}

/** Names in the event of objects that it acts on, by kind. */
function eventObjects(event: TraceEvent): { sess?: string; strm?: string; conn?: string } {
  return {
    ...('sess' in event ? { sess: event.sess } : {}),
    ...('strm' in event ? { strm: event.strm } : {}),
    ...('conn' in event && event.conn !== undefined ? { conn: event.conn } : {}),
  };
}

/** Keys of the objects that the event names or touches. */
function involvedKeys(world: World, event: TraceEvent): Set<string> {
  const keys = new Set<string>();
  const { sess, strm, conn } = eventObjects(event);
  if (conn !== undefined) keys.add(causeKey({ kind: 'conn', id: conn }));
  if (sess !== undefined) keys.add(causeKey({ kind: 'sess', id: sess }));
  if (strm !== undefined) keys.add(causeKey({ kind: 'strm', id: strm }));
  for (const entity of world.log.touched) keys.add(causeKey(entity));
  return keys;
}

/** An event as the subject of a divergence is named after what it acts on. */
function about(subject: Subject, event: TraceEvent): Subject {
  if (subject.kind !== 'event') return subject;
  const { sess, strm, conn } = eventObjects(event);
  return { kind: 'event', id: strm ?? conn ?? sess ?? ('srv' in event ? event.srv : '') };
}

/** The object whose earlier steps explain a divergence. */
function subjectEntity(world: World, event: TraceEvent, subject: Subject): Entity | undefined {
  if (subject.kind === 'conn') return touchedOr(world, subject, world.connections.get(subject.id));
  if (subject.kind === 'sess') return touchedOr(world, subject, world.sessions.get(subject.id));
  if (subject.kind === 'srv') return world.servers.get(subject.id);
  const { sess, conn } = eventObjects(event);
  const ownConn = world.log.touched.find((e) => e.kind === 'conn');
  const named = conn === undefined ? undefined : world.connections.get(conn);
  return named ?? ownConn ?? (sess === undefined ? undefined : world.sessions.get(sess));
}

/** An object that died in this step is still among those that the step touched. */
function touchedOr(world: World, subject: Subject, live: Entity | undefined): Entity | undefined {
  return live ?? world.log.touched.find((e) => e.kind === subject.kind && e.id === subject.id);
}

/** Ids of everything that the event names or touches. */
function touchedIds(world: World, event: TraceEvent): Set<string> {
  const ids = new Set<string>(Object.values(eventObjects(event)));
  if ('target' in event) ids.add(event.target);
  if ('srv' in event) ids.add(event.srv);
  for (const entity of world.log.touched) ids.add(entity.id);
  return ids;
}

function tell(world: World, outcome: Outcome): StepOutcome {
  const returned = outcome.kind === 'done' ? outcome.returned : {};
  return {
    kind: outcome.kind,
    calls: outcome.kind === 'impossible' ? [] : world.log.calls.map(callText),
    ret: returned.ret ?? null,
    reused: returned.reused ?? null,
    conn: returned.conn?.id ?? null,
    target: returned.target === undefined ? undefined : (returned.target?.id ?? null),
    crash: outcome.kind === 'crash' ? outcome.fn : null,
    impossible: outcome.kind === 'impossible' ? outcome.reason : null,
  };
}
