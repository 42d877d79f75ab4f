import { type EventName, eventSchemas } from '../../format/index.ts';
import { type ObjectShape, objectShapeOf } from './shape.ts';

/** What the schemas demand of each event, by its name. */
export const EVENT_SHAPES: ReadonlyMap<string, ObjectShape> = new Map(
  (Object.keys(eventSchemas) as EventName[]).map((name) => [
    name,
    objectShapeOf(eventSchemas[name]),
  ]),
);
