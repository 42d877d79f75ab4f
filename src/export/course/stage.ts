import type { Connection } from '../../engine/objects/connection-t.ts';
import { World } from '../../engine/objects/world.ts';
import type { RuleSet } from '../../engine/rule-sets/index.ts';
import { endSite } from '../../engine/step/crash-site.ts';
import { type End, isEnd, type Outcome, step } from '../../engine/step/step.ts';
import type { Config, TraceEvent } from '../../format/index.ts';

/** One event as a script makes it happen, with what the model says of it. */
export interface Act {
  readonly event: TraceEvent;
  /** Of the trace; null: it was added, so that everything comes to its end. */
  readonly line: number | null;
  /** The connection that a connect ended with, by its number. */
  readonly conn: number | null;
  readonly isReused: boolean;
  /** `assign_server`: it has found a server that the session was with before. */
  readonly hasPreferred: boolean;
  /** Connections that HAProxy closed in it, by their numbers. */
  readonly freed: readonly number[];
  /** How the program ended in it. */
  readonly end: {
    readonly kind: 'crash' | 'abort';
    readonly fn: string;
    /** It went through the memory of something that is freed, which may still be there. */
    readonly isThroughFreed: boolean;
  } | null;
}

/** A connection of the course. */
export interface CourseConn {
  readonly target: string;
  /** The trace's name of it. */
  readonly id: string;
  readonly mux: 'h1' | 'h2';
}

/** An event without what it expects: that is the model's to say. */
export function bare(event: TraceEvent): TraceEvent {
  const { expect: _expect, source: _source, note: _note, ...inputs } = event;
  return inputs as TraceEvent;
}

/** A world whose connections have numbers, in the order in which they come into being. */
export class Stage {
  readonly world: World;
  readonly conns: CourseConn[] = [];
  readonly #numbers = new Map<Connection, number>();
  readonly #live = new Set<Connection>();

  constructor(config: Config, rules: RuleSet) {
    this.world = new World(config, rules);
  }

  /** Takes an event, and says what of it is seen from outside. */
  take(event: TraceEvent): {
    readonly outcome: Outcome;
    readonly act: Omit<Act, 'line' | 'event'>;
  } {
    const outcome = step(this.world, event);
    for (const conn of this.world.connections.values()) this.#meet(conn);
    const returned = outcome.kind === 'done' ? outcome.returned : {};
    if (returned.conn != null) this.#meet(returned.conn);
    for (const conn of this.#live) this.#learnMux(conn);
    const freed = [...this.#live].filter((conn) => conn.freed);
    for (const conn of freed) this.#live.delete(conn);
    return {
      outcome,
      act: {
        conn: returned.conn == null ? null : (this.#numbers.get(returned.conn) ?? null),
        isReused: returned.reused === true,
        hasPreferred: returned.target != null,
        freed: freed.map((conn) => this.#numbers.get(conn) ?? -1),
        end: isEnd(outcome) ? this.#end(outcome) : null,
      },
    };
  }

  #end(end: End): NonNullable<Act['end']> {
    const { kind, fn } = end;
    return { kind, fn, isThroughFreed: endSite(this.world, end).includes('(freed)') };
  }

  #meet(conn: Connection): void {
    if (this.#numbers.has(conn)) return;
    this.#numbers.set(conn, this.conns.length);
    this.#live.add(conn);
    this.conns.push({ id: conn.id, target: conn.target?.id ?? '', mux: 'h1' });
    this.#learnMux(conn);
  }

  /** Notes the mux of a connection, which may have to wait for its handshake. */
  #learnMux(conn: Connection): void {
    const number = this.#numbers.get(conn);
    const known = number === undefined ? undefined : this.conns[number];
    if (number === undefined || known === undefined || conn.ctx?.mux.name !== 'h2') return;
    if (known.mux !== 'h2') this.conns[number] = { ...known, mux: 'h2' };
  }

  /** Whether the mux of a connection waits for its handshake. */
  isDelayed(conn: string): boolean {
    return this.world.connections.get(conn)?.ctx === null;
  }

  /** Whether connections wait for their removal. */
  get mayRemove(): boolean {
    return this.world.toremove.some((list) => list.toArray().length > 0);
  }

  /** The name of the first input that cannot be, in words. */
  get oddity(): string | null {
    const [odd] = this.world.log.odd;
    return odd === undefined ? null : odd.says.replaceAll('{0}', odd.subject.id);
  }
}
