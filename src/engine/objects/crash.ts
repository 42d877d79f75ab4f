import type { AbortFunction, CrashFunction } from '../../format/index.ts';

/**
 * The modelled program's memory is no longer valid: it reads or writes through NULL or through a
 * freed object, or spins for ever. Thrown where that happens, because nothing after it is
 * defined, and caught by `step()`, which reports it as the outcome; it never leaves the engine.
 */
export class Crash {
  constructor(
    /** The innermost function that uses the invalid memory. */
    readonly fn: CrashFunction,
  ) {}
}

/**
 * An assertion of the modelled program does not hold (`BUG_ON`), so that it ends itself. Thrown
 * where that happens and caught by `step()`, which reports it as the outcome; it never leaves the
 * engine.
 */
export class Abort {
  constructor(
    /** The function that asserts it. */
    readonly fn: AbortFunction,
    /** What is the case and must not be, in our words: `c1 is in a session list and not marked`. */
    readonly condition: string,
  ) {}
}

/**
 * The step cannot have happened in the state that the model is in. Thrown before anything has
 * changed, and caught by `step()`; it never leaves the engine.
 */
export class Impossible {
  constructor(
    /** What stands against it. */
    readonly reason: string,
    /**
     * The trace is at fault, unless the state is not what it takes it for: nothing that the modelled
     * program does makes the event come.
     */
    readonly isFault = false,
  ) {}
}
