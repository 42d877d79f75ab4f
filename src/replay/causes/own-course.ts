import type { Course, Taken } from '../course.ts';

/** Objects that may be copied before the first divergence is taken over, and for each step more. */
const CREDIT = 100_000;
const CREDIT_OF_STEP = 50;

/** How many objects a copy of a course's state has to make. */
function sizeOf({ world }: Course): number {
  const { sessions, connections, streams, servers } = world;
  return sessions.size + connections.size + streams.size + servers.size;
}

/**
 * Whether a trace bears one course out rather than another: all in which that one differs from the
 * trace the other does as well, and more, or it has come to an end there. Null where both are as
 * near.
 */
function bearsOut(one: Taken, other: Taken): boolean | null {
  const [ofOne, ofOther] = [one.told, other.told];
  if (![...ofOne].every((each) => ofOther.has(each))) return false;
  if (ofOther.size > ofOne.size) return true;
  return other.isOff && !one.isOff ? true : null;
}

/**
 * The course that the rules take by themselves, beside the one on which what the trace expects was
 * taken over. Whichever of the two the trace bears out is gone on with: the first where a single
 * expectation was a mistake, the other where the rules are not those of the trace. Copies of the
 * state are made only as often as the length of the trace pays for.
 */
export class OwnCourse {
  #own: Course | null = null;
  #survivor: Taken | null = null;
  #credit = CREDIT;

  /** Whether there are two courses at the moment. */
  get isThere(): boolean {
    return this.#own !== null;
  }

  /** Keeps the state as it is, before something is taken over; nothing where it is kept already. */
  keep(course: Course): void {
    if (this.#own !== null) return;
    const size = sizeOf(course);
    if (size > this.#credit) return;
    this.#credit -= size;
    this.#own = course.fork();
  }

  /** A step has been taken by the other course. */
  pay(): void {
    if (this.#credit < CREDIT) this.#credit += CREDIT_OF_STEP;
  }

  /**
   * Takes the step on the own course as well, once it was taken on the other one.
   *
   * @returns what came of it on the course to go on with
   */
  choose(other: Taken, number: number): Taken {
    const own = this.#own;
    if (own === null) return other;
    const taken = own.take(other.event, number);
    const isNearer = bearsOut(taken, other);
    const isSurvivor = other.course.end !== null && own.end === null;
    if (isNearer === true || (isNearer === false && !isSurvivor)) this.#own = null;
    if (isNearer === true) return taken;
    own.recorder?.forget();
    this.#survivor = isSurvivor ? taken : null;
    return other;
  }

  /** What came of the own course, where the other has just ended: a state to go on from. */
  survivor(): Taken | null {
    const taken = this.#survivor;
    if (taken !== null) this.#own = null;
    this.#survivor = null;
    return taken;
  }
}
