/** What of the state cannot be as the trace states it: an object, or a stream. */
export type CauseKind = 'conn' | 'sess' | 'srv' | 'strm';

/** Something that is not here what it is in the trace. */
interface Parted {
  readonly step: number;
  /** Keys of `expect` that are not as stated; empty when it is there on one side only. */
  readonly parts: Set<string>;
}

/**
 * What is not here what it is in the trace, and since which divergence. What was taken over is not
 * among it. A later divergence follows from it only if what decided has read one of these.
 */
export class Causes {
  readonly #parted = new Map<string, Parted>();

  /** Has anything parted at all? */
  get any(): boolean {
    return this.#parted.size > 0;
  }

  /** The step from which an object parts, or null. */
  of(kind: CauseKind, id: string): number | null {
    return this.#parted.get(`${kind} ${id}`)?.step ?? null;
  }

  /** The parts of an object that are known to be amiss; null when it has not parted. */
  partsOf(kind: CauseKind, id: string): ReadonlySet<string> | null {
    return this.#parted.get(`${kind} ${id}`)?.parts ?? null;
  }

  /** An object parts by the divergence of a step; the first one counts. */
  part(kind: CauseKind, id: string, step: number, part: string | null = null): void {
    const key = `${kind} ${id}`;
    const parted = this.#parted.get(key) ?? { step, parts: new Set() };
    if (part !== null) parted.parts.add(part);
    this.#parted.set(key, parted);
  }

  /** An object is again what it is in the trace. */
  heal(kind: CauseKind, id: string): void {
    this.#parted.delete(`${kind} ${id}`);
  }
}

/** The earlier of two steps, where there are two. */
export function earlier(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
