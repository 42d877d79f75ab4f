import type { Breach } from '../engine/invariants/index.ts';
import type { Entity } from '../engine/objects/step-log.ts';
import type { World } from '../engine/objects/world.ts';
import type { TraceEvent } from '../format/index.ts';
import { lookedAt } from './decisions.ts';
import type { StepDecision, Subject } from './result.ts';

/** Names in the event of objects that it acts on, by kind. */
function eventObjects(event: TraceEvent): { sess?: string; strm?: string; conn?: string } {
  return {
    ...('sess' in event ? { sess: event.sess } : {}),
    ...('strm' in event ? { strm: event.strm } : {}),
    ...('conn' in event && event.conn !== undefined ? { conn: event.conn } : {}),
  };
}

/** An event as the subject of a divergence is named after what it acts on. */
export function about(subject: Subject, event: TraceEvent): Subject {
  if (subject.kind !== 'event') return subject;
  const { sess, strm, conn } = eventObjects(event);
  return { kind: 'event', id: strm ?? conn ?? sess ?? ('srv' in event ? event.srv : '') };
}

/** The object whose earlier steps explain a divergence. */
export function subjectEntity(
  world: World,
  event: TraceEvent,
  subject: Subject,
): Entity | undefined {
  if (subject.kind === 'conn') return touchedOr(world, subject, world.connections.get(subject.id));
  if (subject.kind === 'sess') return touchedOr(world, subject, world.sessions.get(subject.id));
  if (subject.kind === 'srv') return world.server(subject.id);
  const { sess, conn } = eventObjects(event);
  const ownConn = world.log.touched.find((e) => e.kind === 'conn');
  const named = conn === undefined ? undefined : world.connections.get(conn);
  return named ?? ownConn ?? (sess === undefined ? undefined : world.sessions.get(sess));
}

/** An object that died in this step is still among those that the step touched. */
function touchedOr(world: World, subject: Subject, live: Entity | undefined): Entity | undefined {
  return live ?? world.log.touched.find((e) => e.kind === subject.kind && e.id === subject.id);
}

/** Ids of everything that the event names, touches, breaks, or is known to have looked at. */
export function touchedIds(
  world: World,
  event: TraceEvent,
  decisions: readonly StepDecision[],
  findings: readonly Breach[] = [],
): Set<string> {
  const ids = new Set<string>(Object.values(eventObjects(event)));
  if ('target' in event) ids.add(event.target);
  if ('srv' in event) ids.add(event.srv);
  for (const entity of world.log.touched) ids.add(entity.id);
  for (const id of lookedAt(decisions)) ids.add(id);
  for (const { subject } of findings) ids.add(subject.id);
  return ids;
}
