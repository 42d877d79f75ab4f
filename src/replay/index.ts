/** Replays traces: events through the engine, outcomes against expectations. */
export { type Recorded, Replay, type ReplayOptions } from './replay.ts';
export type * from './result.ts';
export { statedEvents } from './stated-events.ts';
