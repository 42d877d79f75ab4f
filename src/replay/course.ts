import { type Broken, NOTHING_BROKEN } from '../engine/invariants/index.ts';
import { cloneWorld } from '../engine/objects/clone.ts';
import type { World } from '../engine/objects/world.ts';
import { type Outcome, step } from '../engine/step/step.ts';
import type { Expect, TraceEvent } from '../format/index.ts';
import { ChangeRecorder } from './changes.ts';
import { compare, type Difference } from './compare.ts';
import type { InvariantWatch } from './findings.ts';

/** The end of the modelled program. */
export interface Crashed {
  readonly step: number;
  readonly fn: string;
  /** The step of the divergence that the events after the crash follow from, once there is one. */
  cause: number | null;
}

/** What came of a step. Made anew at each: a course that kept it would cost more. */
export class Taken {
  constructor(
    readonly course: Course,
    readonly event: TraceEvent,
    readonly outcome: Outcome,
    readonly broken: readonly Broken[],
    /** How the outcome differs from what the event expects. */
    readonly differences: readonly Difference[],
  ) {}

  /** Whether the step came to what the event does not expect at all: an end, or nothing. */
  get isOff(): boolean {
    if (this.differences.some(({ field }) => field === 'event' || field === 'crash')) return true;
    // An event that expects nothing expects no crash, either.
    const expect = this.event.expect as Expect | undefined;
    return this.outcome.kind === 'crash' && expect?.crash === undefined;
  }

  /** Everything in which the step differs from its event, as texts. */
  get told(): ReadonlySet<string> {
    return new Set(
      this.differences.map(({ field, expected, actual }) =>
        JSON.stringify([field, expected, actual]),
      ),
    );
  }
}

/** One course of the modelled program. */
export class Course {
  /** The modelled program is dead since this step. */
  crash: Crashed | null = null;
  /** Null when nobody wants to know what a step changes. */
  readonly recorder: ChangeRecorder | null;

  constructor(
    readonly world: World,
    readonly watch: InvariantWatch,
    private readonly records: boolean,
  ) {
    this.recorder = records ? new ChangeRecorder(world) : null;
  }

  /** Takes the next event, a step of this number. */
  take(event: TraceEvent, number: number): Taken {
    const { world, watch } = this;
    const outcome = this.crash ? afterCrash(world, this.crash) : step(world, event);
    if (outcome.kind === 'impossible') {
      const differences = [impossible(event, outcome.reason)];
      return new Taken(this, event, outcome, NOTHING_BROKEN, differences);
    }
    if (outcome.kind === 'crash') this.crash = { step: number, fn: outcome.fn, cause: null };
    const broken = outcome.kind === 'done' ? watch.take(world) : NOTHING_BROKEN;
    const differences = compare(world, event, outcome);
    const otherBroken = watch.difference(event, broken);
    if (otherBroken) differences.push(otherBroken);
    return new Taken(this, event, outcome, broken, differences);
  }

  /** The same state, to go another course from here. */
  fork(): Course {
    const world = cloneWorld(this.world);
    world.nameConnection = this.world.nameConnection;
    const course = new Course(world, this.watch, this.records);
    course.crash = this.crash && { ...this.crash };
    return course;
  }
}

function impossible(event: TraceEvent, reason: string): Difference {
  const subject = { kind: 'event', id: '' } as const;
  return { subject, field: 'event', expected: event.event, actual: reason };
}

/** After a crash the model has nothing to act on. */
function afterCrash(world: World, crash: Crashed): Outcome {
  world.log.clear();
  return {
    kind: 'impossible',
    reason: `the program crashed in ${crash.fn} at step ${crash.step}: nothing is defined after it`,
    isFault: false,
  };
}
