import type { Config, TraceEvent } from '../../format/index.ts';

/** A trace on its way to be as small as possible. */
export interface Candidate {
  readonly config: Config;
  /** Without expectations, but for what the last one is about when it diverges. */
  readonly events: readonly TraceEvent[];
}

/** Keys of an event whose values are names. */
const NAME_KEYS = ['sess', 'strm', 'conn', 'fe', 'be', 'target', 'srv', 'thread'] as const;
/** Keys that are no inputs, or of which the length says nothing. */
const WEIGHTLESS: ReadonlySet<string> = new Set([...NAME_KEYS, 'event', 'expect']);

/** How large a candidate is: of two, the one with the smaller first number that differs. */
type Size = readonly [events: number, names: number, inputs: number];

function sizeOf({ config, events }: Candidate): Size {
  const names = new Set<string>();
  let inputs = JSON.stringify(config).length + (config.nbthread ?? 0);
  for (const event of events) {
    const values = event as Readonly<Record<string, unknown>>;
    for (const key of NAME_KEYS) if (values[key] !== undefined) names.add(`${key} ${values[key]}`);
    for (const [key, value] of Object.entries(values)) {
      if (!WEIGHTLESS.has(key)) inputs += key.length + JSON.stringify(value).length;
      else if (key === 'conn') inputs++;
      else if (key === 'thread') inputs += 1 + Number(value);
    }
  }
  return [events.length, names.size, inputs];
}

/** Whether a candidate has fewer events than another; or as many, but fewer names; or inputs. */
export function isSmaller(one: Candidate, other: Candidate): boolean {
  if (one.events.length !== other.events.length) return one.events.length < other.events.length;
  const sizes = sizeOf(other);
  for (const [at, size] of sizeOf(one).entries()) {
    const than = sizes[at] ?? 0;
    if (size !== than) return size < than;
  }
  return false;
}
