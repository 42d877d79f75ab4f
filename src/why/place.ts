import type { TraceEvent } from '../format/index.ts';
import type { StepResult } from '../replay/index.ts';

/** Lines of a capture that an event of an imported trace rests on, and how surely. */
export interface Basis {
  /** First and last line, from 1. */
  readonly lines: readonly [number, number];
  readonly certainty: string;
  /** Lines of the stream's request and of its log line; null where it has none. */
  readonly request: number | null;
  readonly log: number | null;
}

/** A step that something happened at. */
export interface Place {
  readonly step: number;
  /** Line of the trace. */
  readonly line: number;
  /** Milliseconds since the trace began; null where it does not say. */
  readonly at: number | null;
  readonly event: TraceEvent;
  /** Null for a trace that is not imported, or does not say. */
  readonly basis: Basis | null;
}

function lineNumber(value: unknown): number | null {
  return Number.isSafeInteger(value) && Number(value) >= 1 ? Number(value) : null;
}

/** What an event rests on, as `replay import` writes it; null for any other `source`. */
export function basisOf({ source }: TraceEvent): Basis | null {
  if (source === undefined || !Array.isArray(source.lines)) return null;
  const [first, last] = source.lines.map(lineNumber);
  if (first == null || last == null || last < first) return null;
  const { certainty } = source;
  return {
    lines: [first, last],
    certainty: typeof certainty === 'string' ? certainty : 'unknown',
    request: lineNumber(source.request),
    log: lineNumber(source.log),
  };
}

/** Where a step stands. */
export function placeOf({ number, line, event }: StepResult): Place {
  return { step: number, line, at: event.at ?? null, event, basis: basisOf(event) };
}
