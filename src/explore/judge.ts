import type { Outcome } from '../engine/step/step.ts';
import type { Scene } from './state/scene.ts';

/** Judges a transition, once the step was taken on every side. */
export interface Judge {
  /** A state was opened: transitions from it follow. */
  open?(scene: Scene): void;
  /** What the step has brought to light; asked only when something followed, or the run ended. */
  findings(scene: Scene, outcomes: readonly Outcome[]): readonly string[];
}
