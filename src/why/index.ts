/**
 * Answers about one trace: why a request got the connection that it got, who has held a connection
 * until now, who holds which connections in the end.
 */

export type {
  Answer,
  Attempt,
  Candidate,
  ConnAnswer,
  HeldAnswer,
  HeldGroup,
  RequestAnswer,
} from './answers.ts';
export { type Basis, basisOf, type Place } from './place.ts';
export type { Gone, Holder, Interval, Standing } from './standing.ts';
export { type Question, Why } from './why.ts';
