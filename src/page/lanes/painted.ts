import type { Band, Subject } from '../data/band.ts';
import type { Trace } from '../data/trace.ts';
import type { Fillings, Theme } from './looks.ts';
import type { Rows } from './rows.ts';
import type { Scale } from './scale.ts';

/** What is painted. */
export interface Painted {
  readonly trace: Trace;
  readonly rows: Rows;
  readonly scale: Scale;
  readonly theme: Theme;
  readonly fillings: Fillings;
  /** Pixels left of the lanes, for names. */
  readonly gutter: number;
  /** How far the rows are scrolled. */
  readonly scrolled: number;
  readonly size: { readonly width: number; readonly height: number };
  /** The chosen step, by its number. */
  readonly step: number;
  readonly chosen: Subject | null;
  /** The session whose things are lit up: all others are faint. */
  readonly lit: Subject | null;
  /** Numbers of steps that a search has found. */
  readonly found: readonly number[];
}

/** The colour of a session, and of what it owns; grey is nobody's. */
export function colourOf({ theme }: Painted, band: Band, session: number): string {
  const lane = session < 0 ? -1 : (band.sessions.lane[session] ?? -1);
  if (lane < 0) return theme.nobody;
  // Neighbours differ, and so do those of every fourth or eighth lane.
  const colour = lane + 3 * Math.floor(lane / theme.owners.length);
  return theme.owners[colour % theme.owners.length] ?? theme.nobody;
}
