import { cloneWorld, step } from '../engine/index.ts';
import type { Expect, TraceEvent } from '../format/index.ts';
import type { Difference } from '../replay/compare.ts';
import { partOf } from '../replay/reason/question.ts';
import {
  add,
  canBeSaid,
  connOf,
  foundInstead,
  type Misfit,
  type Scene,
  streamsOn,
} from './candidates.ts';
import type { Op, Repair } from './edit.ts';

/*
 * Where nothing makes a place fit: what it expects is given up, or the event is.
 */

type Objects = Readonly<Record<string, object | null>>;

/** What is expected of objects, without one part of one of them. */
function withoutPart(objects: Objects, { subject, field, ...rest }: Difference): Objects {
  const part = partOf({ subject, field, ...rest });
  return Object.fromEntries(
    Object.entries(objects).flatMap(([id, stated]): [string, object | null][] => {
      if (id !== subject.id) return [[id, stated]];
      if (stated === null || part === subject.kind) return [];
      return [[id, Object.fromEntries(Object.entries(stated).filter(([key]) => key !== part))]];
    }),
  );
}

/** An event without what it expects and the rules do not give. */
export function relaxed(event: TraceEvent, differences: readonly Difference[]): TraceEvent {
  let expect: Record<string, unknown> = { ...(event.expect as Expect | undefined) };
  for (const difference of differences) {
    const { subject, field } = difference;
    if (subject.kind === 'event') {
      expect = Object.fromEntries(Object.entries(expect).filter(([key]) => key !== field));
    } else {
      const objects = expect[subject.kind];
      if (objects === undefined) continue;
      expect = { ...expect, [subject.kind]: withoutPart(objects as Objects, difference) };
    }
  }
  return { ...event, expect } as TraceEvent;
}

/**
 * A connection that the rules cannot have kept, or cannot hand to whoever has it: it is another one
 * from here on, made anew.
 */
function madeAnew({ event, at }: Misfit, { world, named }: Scene): Repair | null {
  const conn = connOf(event);
  if (event.event !== 'connect_server' || conn === null) return null;
  const ops: Op[] = [];
  const w = cloneWorld(world);
  const put = (each: object): void => {
    ops.push(add(at, each));
    step(w, each as TraceEvent);
  };
  if (w.streams.has(event.strm)) put({ event: 'detach', strm: event.strm });
  if (w.connections.has(conn)) {
    for (const strm of streamsOn(w, conn)) put({ event: 'detach', strm });
    if (w.connections.has(conn)) put({ event: 'mux_release', conn });
  }
  for (const gone of foundInstead(event, w, null, 'mux_release')) put(gone);
  const to = anotherName(conn, named);
  named.add(to);
  const { expect, ...rest } = event;
  const isNew = { ...expect, reused: false, conn: {} };
  const claims = expect === undefined ? rest : { ...rest, expect: isNew };
  return [...ops, { op: 'relax', at, event: claims as TraceEvent }, { op: 'rename', at, conn, to }];
}

/** `c7.2`, or the next one that no connection has. */
function anotherName(conn: string, named: ReadonlySet<string>): string {
  for (let number = 2; ; number++) if (!named.has(`${conn}.${number}`)) return `${conn}.${number}`;
}

/** What always does, or nearly always: what it costs a reader is worse than any other repair. */
export function* lastResorts(
  misfit: Misfit,
  scene: Scene,
  differences: readonly Difference[],
): Generator<Repair> {
  const { event, at } = misfit;
  const repair = madeAnew(misfit, scene);
  if (repair?.every((op) => canBeSaid(op, scene))) yield repair;
  if (differences.length > 0) yield [{ op: 'relax', at, event: relaxed(event, differences) }];
  if (event.event !== 'session_new') yield [{ op: 'drop', at }];
}
