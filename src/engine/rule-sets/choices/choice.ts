/** One way in which HAProxy acts at a place: what a rule set chooses. */
export interface Way {
  /** What the modelled function does, in one sentence. */
  readonly says: string;
  /** Ids of the rules that can decide only where HAProxy acts in this way, or another that names them. */
  readonly rules?: readonly string[];
  /** What is kept of an object then that is not kept otherwise, by the names that it is told by. */
  readonly keeps?: readonly string[];
}

/** A place of HAProxy's code at which rule sets differ, with the ways in which it can act there. */
export interface Choice<Name extends string = string> {
  /** HAProxy's function, e.g. `connect_server`; two where two multiplexers share the place. */
  readonly fn: string;
  /** HAProxy's file or files. */
  readonly file: string;
  /** What the oldest rule set does. */
  readonly first: Name;
  readonly ways: Readonly<Record<Name, Way>>;
}

/** Declares a choice; its names are inferred from the ways. */
export function choice<const Name extends string>(
  fn: string,
  file: string,
  first: NoInfer<Name>,
  ways: Readonly<Record<Name, Way>>,
): Choice<Name> {
  return { fn, file, first, ways };
}
