import { type Broken, NOTHING_BROKEN } from '../engine/invariants/index.ts';
import { cloneWorld } from '../engine/objects/clone.ts';
import type { World } from '../engine/objects/world.ts';
import { type End, isEnd, type Outcome, step } from '../engine/step/step.ts';
import type { Expect, TraceEvent } from '../format/index.ts';
import { ChangeRecorder } from './changes.ts';
import { compare, type Difference } from './compare.ts';
import type { InvariantWatch } from './findings.ts';

/** The end of the modelled program. */
export interface Ended extends Pick<End, 'kind' | 'fn'> {
  readonly step: number;
  /** The step of the divergence that the events after the end follow from, once there is one. */
  cause: number | null;
}

/** Fields in which a step differs that came to an end, or to nothing. */
const OFF: ReadonlySet<string> = new Set(['event', 'crash', 'abort']);

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
    if (this.differences.some(({ field }) => OFF.has(field))) return true;
    // An event that expects nothing expects no end, either.
    const { outcome } = this;
    const expect = this.event.expect as Expect | undefined;
    return isEnd(outcome) && expect?.[outcome.kind] === undefined;
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
  end: Ended | null = null;
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
    const outcome = this.end ? afterEnd(world, this.end) : step(world, event);
    if (outcome.kind === 'impossible') {
      const differences = [impossible(event, outcome.reason)];
      return new Taken(this, event, outcome, NOTHING_BROKEN, differences);
    }
    if (isEnd(outcome)) {
      this.end = { kind: outcome.kind, fn: outcome.fn, step: number, cause: null };
    }
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
    course.end = this.end && { ...this.end };
    return course;
  }
}

function impossible(event: TraceEvent, reason: string): Difference {
  const subject = { kind: 'event', id: '' } as const;
  return { subject, field: 'event', expected: event.event, actual: reason };
}

/** After its end the model has nothing to act on. */
function afterEnd(world: World, { kind, fn, step }: Ended): Outcome {
  world.log.clear();
  const what = kind === 'crash' ? 'crashed' : 'aborted';
  const left = kind === 'crash' ? 'nothing is defined' : 'nothing happens';
  const reason = `the program ${what} in ${fn} at step ${step}: ${left} after it`;
  return { kind: 'impossible', reason, isFault: false };
}
