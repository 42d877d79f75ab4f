/** Makes of a trace a test in HAProxy's own language, run by varnishtest. */
export { type CourseComment, courseComment } from './comment.ts';
export { configObstacle, eventObstacle, type Obstacle } from './course/exportable.ts';
export {
  type Course,
  isRefusal,
  type PlacedEvent,
  type Refusal,
  realise,
} from './course/realise.ts';
export { type Act, bare, Stage } from './course/stage.ts';
export { streamPaths } from './vtc/cast.ts';
export type { MoreConfig } from './vtc/config.ts';
export { type ScriptText, vtcText } from './vtc/script.ts';
