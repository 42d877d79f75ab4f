import type { Breach } from '../../engine/invariants/index.ts';
import type { World } from '../../engine/objects/world.ts';
import { freedIdOf } from '../../format/calls.ts';
import type { Expect, TraceEvent } from '../../format/index.ts';
import type { Difference } from '../compare.ts';
import { objectsRead, type Reason } from '../reason/decided-by.ts';
import { partOf } from '../reason/question.ts';
import type { Value } from '../result.ts';
import { Causes, earlier } from './causes.ts';
import { namedCauses, without, wordsOf } from './names.ts';

/** The only way in which a stream has parted: whether it connected, not with what. */
const RET = 'ret';

/** A step that was taken and differs from its event, before the state is taken over from that. */
export interface DivergingStep {
  readonly number: number;
  readonly world: World;
  readonly event: TraceEvent;
  readonly breaches: readonly Breach[];
  readonly differences: readonly Difference[];
}

/** Tells divergences that are causes of their own from those that follow from earlier ones. */
export class Follows {
  readonly #causes = new Causes();
  /** The step whose divergence gave a field its value, by its place below `expect`. */
  readonly #adopted = new Map<string, number>();

  /** The step that a divergence follows from, or null. To be asked before the state is taken over. */
  of(step: DivergingStep, difference: Difference, reason: Reason | null): number | null {
    const adopted = reason === null ? (this.#adopted.get(difference.field) ?? null) : null;
    if (!this.#causes.any) return adopted;
    if (difference.field === 'event') return this.#ofImpossible(step);
    return (
      this.#ofNames(step, difference) ??
      this.#ofBroken(step, difference) ??
      (reason === null ? this.#unread(step, difference) : this.#read(reason)) ??
      adopted
    );
  }

  /**
   * Takes note of what a step says of what has parted, before anything is asked: some of it is as
   * the trace states it again; and where a stream should have got what is not here, whatever it has
   * got instead has parted as well.
   */
  begin(step: DivergingStep): void {
    this.#heal(step);
    const claim = step.differences.find(({ field }) => field === 'conn');
    const cause = claim && this.#causes.any ? this.#ofNames(step, claim) : null;
    if (claim && cause !== null) this.#partEvent(step, claim, cause);
  }

  #heal({ event, differences }: DivergingStep): void {
    const expect = event.expect as Expect | undefined;
    if (!this.#causes.any && this.#adopted.size === 0) return;
    const amiss = new Set(differences.map(({ field }) => field));
    // Of an event that cannot be nothing else is looked at.
    if (amiss.has('event')) return;
    for (const kind of ['conn', 'sess'] as const) {
      for (const id in expect?.[kind]) this.#healOne(kind, id, expect?.[kind]?.[id] ?? null, amiss);
    }
    for (const id in expect?.srv) this.#forgetAdopted('srv', id, expect?.srv?.[id] ?? null, amiss);
  }

  #healOne(kind: 'conn' | 'sess', id: string, stated: object | null, amiss: Set<string>): void {
    this.#forgetAdopted(kind, id, stated, amiss);
    const parts = this.#causes.partsOf(kind, id);
    if (parts === null || parts.size === 0 || amiss.has(`${kind}.${id}`)) return;
    const isBack = (part: string): boolean =>
      part === kind || (stated !== null && part in stated && !amiss.has(`${kind}.${id}.${part}`));
    if ([...parts].every(isBack)) this.#causes.heal(kind, id);
  }

  /** A value that was taken over and is stated again has proved true. */
  #forgetAdopted(kind: string, id: string, stated: object | null, amiss: Set<string>): void {
    if (this.#adopted.size === 0) return;
    for (const part in stated) {
      const field = `${kind}.${id}.${part}`;
      if (!amiss.has(field) && !amiss.has(`${kind}.${id}`)) this.#adopted.delete(field);
    }
  }

  /**
   * Takes note of what parts by a step.
   *
   * @param left of the state, what could not be taken over
   * @param causeOf the step that a divergence is put down to
   */
  part(step: DivergingStep, left: readonly Difference[], causeOf: (field: string) => number): void {
    const leftOver = new Set(left.map(({ field }) => field));
    for (const difference of step.differences) {
      const { field, subject } = difference;
      const cause = causeOf(field);
      if (subject.kind === 'event') this.#partEvent(step, difference, cause);
      else if (!leftOver.has(field)) this.#adopted.set(field, this.#adopted.get(field) ?? cause);
    }
    for (const difference of left) this.#partObject(step, difference, causeOf(difference.field));
  }

  /** The event is over: a stream that has left its connection is nowhere, here and in the trace. */
  end({ event, world }: Pick<DivergingStep, 'event' | 'world'>): void {
    if (event.event !== 'detach' || !this.#causes.any || world.streams.has(event.strm)) return;
    this.#causes.heal('strm', event.strm);
  }

  readonly #causeOfName = (name: string): number | null => {
    const sess = this.#causes.of('sess', freedIdOf(name) ?? name);
    return earlier(this.#causes.of('conn', name), sess);
  };

  #first(values: readonly Value[]): number | null {
    const all = values.flatMap((value) => [...namedCauses(value, this.#causeOfName)]);
    return all.length === 0 ? null : Math.min(...all);
  }

  /** Values that differ in nothing but what has parted; or that are about what is not here. */
  #ofNames({ world, event }: DivergingStep, difference: Difference): number | null {
    const { subject, expected, actual } = difference;
    const part = partOf(difference);
    if (Array.isArray(expected) && Array.isArray(actual)) {
      const isNamed = (name: string): boolean => this.#causeOfName(name) !== null;
      const [one, other] = [without(expected, isNamed), without(actual, isNamed)];
      return JSON.stringify(one) === JSON.stringify(other) ? this.#first([expected, actual]) : null;
    }
    if (part === subject.kind && subject.kind !== 'event' && expected !== null) {
      return this.#causes.of(subject.kind, subject.id);
    }
    if (subject.kind === 'event' && part === 'conn') {
      const isHere = typeof expected === 'string' && world.connections.has(expected);
      return this.#first(isHere ? [actual] : [expected, actual]);
    }
    if (subject.kind === 'event' && part === 'reused') return this.#elsewhere(event);
    return part === 'owner' || part === 'listed_in' ? this.#first([expected, actual]) : null;
  }

  /** Promises that only what has parted breaks. */
  #ofBroken({ breaches, event }: DivergingStep, { field, expected, actual }: Difference) {
    if (field !== 'broken' || !Array.isArray(expected) || !Array.isArray(actual)) return null;
    const elsewhere = this.#elsewhere(event);
    if (expected.some((name) => !actual.includes(name))) return elsewhere;
    const news = breaches.filter(({ invariant }) => !expected.includes(invariant.name));
    const steps = news.map(({ subject }) => this.#causes.of(subject.kind, subject.id));
    const own = steps.includes(null) ? null : steps.reduce(earlier, null);
    return own ?? elsewhere;
  }

  /** What the rule that decided has read. */
  #read(reason: Reason): number | null {
    return objectsRead(reason)
      .map(({ kind, id }) => this.#causes.of(kind, id))
      .reduce(earlier, null);
  }

  /** Nobody has decided: what could not be taken over is amiss still, or the event went elsewhere. */
  #unread({ event }: DivergingStep, difference: Difference): number | null {
    const { subject } = difference;
    if (subject.kind === 'event') return null;
    const parts = this.#causes.partsOf(subject.kind, subject.id);
    const isAmissStill = parts?.has(partOf(difference)) ?? false;
    const still = isAmissStill ? this.#causes.of(subject.kind, subject.id) : null;
    return still ?? this.#elsewhere(event) ?? this.#withoutThem(event);
  }

  /** What parted and the trace says the step has worked on: here the step had nothing to work on. */
  #withoutThem({ expect }: TraceEvent): number | null {
    const { calls = [], conn = {} } = (expect ?? {}) as Expect;
    const isGone = (id: string): boolean => {
      const parts = this.#causes.partsOf('conn', id);
      return parts !== null && (parts.size === 0 || parts.has('conn'));
    };
    const named = [...calls.flatMap(wordsOf), ...Object.keys(conn)].filter(isGone);
    return this.#first(named);
  }

  /** The step since which the stream of an event is on another connection than in the trace. */
  #elsewhere(event: TraceEvent): number | null {
    if (!('strm' in event)) return null;
    const parts = this.#causes.partsOf('strm', event.strm);
    const isElsewhere = parts !== null && [...parts].some((part) => part !== RET);
    return isElsewhere ? this.#causes.of('strm', event.strm) : null;
  }

  /** Whom the event names, whom its stream holds, and who keeps its session or connection. */
  #ofImpossible({ world, event }: DivergingStep): number | null {
    const causes = this.#causes;
    const steps: (number | null)[] = [];
    if ('strm' in event) {
      const held = world.streams.get(event.strm)?.conn;
      steps.push(causes.of('strm', event.strm), held ? causes.of('conn', held.id) : null);
    }
    if ('sess' in event) steps.push(causes.of('sess', event.sess));
    if ('conn' in event && event.conn !== undefined) steps.push(causes.of('conn', event.conn));
    for (const { strm, sess, conn } of world.streams.values()) {
      const keeps =
        (event.event === 'session_free' && sess.id === event.sess) ||
        (event.event === 'mux_release' && conn.id === event.conn);
      if (keeps) steps.push(causes.of('strm', strm), causes.of('conn', conn.id));
    }
    return steps.reduce(earlier, null);
  }

  #partEvent({ world, event }: DivergingStep, difference: Difference, cause: number): void {
    const { field, expected, actual } = difference;
    const causes = this.#causes;
    const strm = 'strm' in event ? event.strm : null;
    if (field === 'event') this.#partImpossible(world, event, cause);
    if (field === 'reused' && strm !== null) causes.part('strm', strm, cause, field);
    if (field === 'ret' && strm !== null) causes.part('strm', strm, cause, RET);
    if (field !== 'conn' || strm === null) return;
    causes.part('strm', strm, cause, field);
    for (const id of [expected, actual]) {
      if (typeof id !== 'string') continue;
      const isStated = id === expected && world.connections.has(id);
      causes.part('conn', id, cause, isStated ? 'used_streams' : null);
    }
  }

  /** What an event did that could not happen here. */
  #partImpossible(world: World, event: TraceEvent, cause: number): void {
    const causes = this.#causes;
    switch (event.event) {
      case 'connect_server':
      case 'tcpcheck_eval_connect':
      case 'check_connect':
        causes.part('strm', event.strm, cause, 'conn');
        if (event.conn !== undefined) causes.part('conn', event.conn, cause);
        return;
      case 'session_new':
      case 'session_free':
        if (world.sessions.has(event.sess)) causes.part('sess', event.sess, cause);
        return;
      case 'conn_create_mux':
      case 'mux_release':
        if (world.connections.has(event.conn)) causes.part('conn', event.conn, cause);
        return;
      default:
        return;
    }
  }

  #partObject({ world, event }: DivergingStep, difference: Difference, cause: number): void {
    const { subject, expected, actual } = difference;
    if (subject.kind === 'event') return;
    const part = partOf(difference);
    if (!Array.isArray(expected) || part === 'flags') {
      this.#causes.part(subject.kind, subject.id, cause, part);
      const isMissing = part === 'conn' && expected !== null;
      if (isMissing && 'strm' in event) this.#causes.part('strm', event.strm, cause, part);
      return;
    }
    // A list lacks what is not here, and is itself as it should be.
    const missing = new Set(connectionsIn(expected).filter((id) => !world.connections.has(id)));
    for (const id of missing) this.#causes.part('conn', id, cause);
    const rest = without(expected, (name) => missing.has(name));
    const isFilled = JSON.stringify(rest) === JSON.stringify(actual);
    if (!isFilled) this.#causes.part(subject.kind, subject.id, cause, part);
  }
}

/** The connections of a list of a server, or of one of a session. */
function connectionsIn(list: readonly Value[]): string[] {
  return list.flatMap((each) => {
    if (typeof each === 'string') return [each];
    return Array.isArray(each) && Array.isArray(each[1]) ? connectionsIn(each[1]) : [];
  });
}
