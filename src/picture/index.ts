/** Pictures of a trace: who held which connection when, as data, see `Picture`. */
export { type AxisBy, axisOf } from './axis.ts';
export { PictureBuilder, type PictureStep } from './builder.ts';
export type { LayoutOptions } from './layout.ts';
export type {
  ConnectionLife,
  Group,
  Mark,
  MarkSubject,
  Picture,
  Segment,
  SegmentState,
  SessionLife,
  Stay,
  StreamLink,
} from './picture.ts';
export { SEGMENT_STATES } from './picture.ts';
