import type { Broken } from '../../engine/invariants/index.ts';
import type { World } from '../../engine/objects/world.ts';
import type { Outcome } from '../../engine/step/step.ts';
import type { TraceEvent } from '../../format/index.ts';

/** What a candidate's step acts on, as it is found before the step. */
export interface Found {
  /** The connection that the event's stream holds, and the session of the stream; by name. */
  readonly held: string | null;
  readonly sess: string | null;
  /** Names that sessions and connections have borne up to here, whatever has become of them. */
  readonly sessions: ReadonlySet<string>;
  readonly connections: ReadonlySet<string>;
}

/** A step that was just taken, before the next one. */
export interface Taken {
  readonly world: World;
  readonly event: TraceEvent;
  readonly outcome: Outcome;
  /** What it has brought to break an invariant. */
  readonly broken: readonly Broken[];
  readonly before: Found;
}
