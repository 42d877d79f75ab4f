import type { TraceEvent } from '../format/index.ts';
import type { Choices, Move } from './moves/index.ts';
import { PREFERRED_NAMES, RETRYING_NAMES, SLOTS_MAX, slotOf } from './state/names.ts';
import type { Scene } from './state/scene.ts';

/** Most connections that a packed state can tell apart. */
const CONNS_MAX = SLOTS_MAX - 1;

/**
 * What events mean to everything around the worlds of the engine: what may still happen, which
 * streams may connect again, which thread runs what.
 */
export class Surroundings {
  readonly #scene: Scene;
  readonly #choices: Choices;
  readonly #hasThreads: boolean;
  #streams = 0;
  #failures = 0;
  #retries = 0;
  #detached: readonly (readonly [string, number])[] = [];
  #threads: readonly (readonly [string, number])[] = [];
  #connThreads: readonly (readonly (readonly [string, number])[])[] = [];

  constructor(scene: Scene, choices: Choices) {
    this.#scene = scene;
    this.#choices = choices;
    this.#hasThreads = scene.world.nbthread > 1;
  }

  /** Takes note of the state that was just loaded. */
  remember(): void {
    const { budget, detached, threads, sides } = this.#scene;
    this.#streams = budget.streams;
    this.#failures = budget.failures;
    this.#retries = budget.retries;
    if (this.#choices.retries > 0) this.#detached = [...detached];
    if (!this.#hasThreads) return;
    this.#threads = [...threads];
    this.#connThreads = sides.map((side) => [...side.threads]);
  }

  /** Makes them what they were. */
  rewind(): void {
    const { budget, detached, threads, sides } = this.#scene;
    budget.streams = this.#streams;
    budget.failures = this.#failures;
    budget.retries = this.#retries;
    if (this.#choices.retries > 0) refill(detached, this.#detached);
    if (!this.#hasThreads) return;
    refill(threads, this.#threads);
    for (let s = 0; s < sides.length; s++) {
      refill(sides[s]?.threads ?? new Map(), this.#connThreads[s] ?? []);
    }
  }

  /** What the step that was just taken means; false when it leads out of the world. */
  follow({ event, failures }: Move): boolean {
    const { budget } = this.#scene;
    budget.failures -= failures;
    if (!this.#followEvent(event)) return false;
    this.#saturate();
    return this.#isWithin();
  }

  #followEvent(event: TraceEvent): boolean {
    const { threads, detached, budget } = this.#scene;
    switch (event.event) {
      case 'session_new':
        if (this.#hasThreads) threads.set(event.sess, event.thread ?? 0);
        return true;
      case 'session_free':
        threads.delete(event.sess);
        detached.delete(event.sess);
        return true;
      case 'assign_server':
        budget.streams--;
        return this.#isPreferred(event.sess);
      case 'connect_server':
      case 'tcpcheck_eval_connect':
      case 'check_connect':
        this.#useStream(event.strm, event.sess);
        if (budget.retries > 0 && !this.#isAttached(event.strm)) this.#release(event.sess);
        if (this.#hasThreads) this.#noteThread(event.strm, event.thread ?? 0);
        return true;
      case 'detach':
        if (budget.retries > 0 && !event.blocked) this.#release(this.#sessionOf(event.strm));
        return true;
      default:
        return true;
    }
  }

  #isPreferred(id: string): boolean {
    return this.#scene.sides.some(({ world }) => {
      return world.sessions.get(id)?.preferredBy === PREFERRED_NAMES[slotOf(id)];
    });
  }

  #useStream(strm: string, sess: string): void {
    const { budget, detached } = this.#scene;
    const slot = slotOf(sess);
    if (strm === PREFERRED_NAMES[slot]) return;
    if (strm !== RETRYING_NAMES[slot]) budget.streams--;
    else {
      budget.retries--;
      detached.set(sess, (detached.get(sess) ?? 0) - 1);
    }
  }

  #isAttached(strm: string): boolean {
    return this.#scene.sides.some(({ world }) => world.streams.has(strm));
  }

  /** The session whose stream has just left, as the state had it before. */
  #sessionOf(strm: string): string {
    for (const { streams } of this.#scene.sides) {
      for (const cs of streams) if (cs?.strm === strm) return cs.sess.id;
    }
    return '';
  }

  /** A stream of the session may connect again. */
  #release(sess: string): void {
    const { detached } = this.#scene;
    detached.set(sess, (detached.get(sess) ?? 0) + 1);
  }

  /** More streams that wait to connect again than there are retries make no difference. */
  #saturate(): void {
    const { budget, detached } = this.#scene;
    if (detached.size === 0) return;
    for (const [sess, count] of detached) {
      const most = Math.min(count, budget.retries);
      if (most === 0) detached.delete(sess);
      else detached.set(sess, most);
    }
  }

  #noteThread(strm: string, thread: number): void {
    for (const side of this.#scene.sides) {
      const conn = side.world.streams.get(strm)?.conn;
      if (conn) side.threads.set(conn.id, thread);
    }
  }

  #isWithin(): boolean {
    const { sides } = this.#scene;
    for (let s = 0; s < sides.length; s++) {
      const size = sides[s]?.world.connections.size ?? 0;
      if (size > this.#choices.connections) return false;
    }
    return sides.length === 1 || this.#connNames() <= CONNS_MAX;
  }

  /** How many connections there are on either side, those counted that are freed under streams. */
  #connNames(): number {
    const names = new Set<string>();
    for (const { world } of this.#scene.sides) {
      for (const id of world.connections.keys()) names.add(id);
      for (const { conn } of world.streams.values()) names.add(conn.id);
    }
    return names.size;
  }
}

function refill(map: Map<string, number>, entries: readonly (readonly [string, number])[]): void {
  map.clear();
  for (const [name, value] of entries) map.set(name, value);
}
