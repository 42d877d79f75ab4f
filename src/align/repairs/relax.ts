import type { Expect, TraceEvent } from '../../format/index.ts';
import type { Difference } from '../../replay/compare.ts';
import { partOf } from '../../replay/reason/question.ts';
import type { Repair } from './edit.ts';
import type { Misfit } from './scene.ts';
import { isTestimony } from './testimony.ts';

/*
 * What a place expects is given up, where that costs less than what makes it come true.
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
function relaxed(event: TraceEvent, differences: readonly Difference[]): TraceEvent {
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

/** The place expects no more than what the rules give; who got which connection stays expected. */
export function* relaxations({ event, at, differences }: Misfit): Generator<Repair> {
  if (differences.length === 0) return;
  if (isTestimony(event) && differences.some(({ subject }) => subject.kind === 'event')) return;
  yield [{ op: 'relax', at, event: relaxed(event, differences) }];
}
