import { z } from 'zod';

/**
 * Names of the invariants that the engine checks, in the order in which they are listed. What each
 * one says stands with its predicate, in src/engine/invariants/.
 */
export const invariantName = z.enum([
  'owner-from-creation',
  'private-has-owner',
  'private-is-listed',
  'listed-by-owner',
  'listed-by-authenticated',
  'listed-not-pooled',
  'owner-is-live',
  'session-idle-is-listed',
  'idle-is-marked',
  'private-to-one-session',
  'no-connecting-reuse',
  'pooled-is-shareable',
  'pooled-has-no-owner',
  'available-has-stream',
  'no-orphan',
  'pooled-is-connected',
  'authenticated-is-not-shared',
  'reusable-is-offered',
  'idle-count',
  'idle-limit',
  'entry-not-empty',
  'idle-counters',
  'used-count',
  'counters-not-negative',
  'deleted-is-unused',
  'session-idle-counter',
  'impossible-input',
]);

/** The name of an invariant. */
export type InvariantName = z.infer<typeof invariantName>;

/**
 * The property that says that the program does not end so: by memory that is not valid, or by an
 * assertion of its own.
 */
export const NO_END = { crash: 'no-crash', abort: 'no-abort' } as const;

/**
 * How bad a finding is. `crash`: the modelled program ends, by a crash or an abort. `broken`: a promise is
 * broken. `hint`: HAProxy promises nothing of it, and a user may be surprised all the same.
 */
export const severity = z.enum(['crash', 'broken', 'hint']);

/** How bad a finding is. */
export type Severity = z.infer<typeof severity>;

/** Every severity, the worst first. */
export const SEVERITIES: readonly Severity[] = severity.options;
