/** Most sessions, streams or connections that a packed state can name. */
export const SLOTS_MAX = 14;

function names(prefix: string): readonly string[] {
  return Array.from({ length: SLOTS_MAX + 1 }, (_, slot) => `${prefix}${slot + 1}`);
}

/*
 * Names of objects in a state of the search, by slot. They hold within one state only: what is
 * called c1 in one can be called c2 in the next. A trace made of a path has names of its own.
 */
export const SESS_NAMES = names('s');
export const CONN_NAMES = names('c');
export const STRM_NAMES = names('t');
/** The stream for which assign_server has preferred a connection, by the slot of its session. */
export const PREFERRED_NAMES = names('p');
/** A stream that has left its connection and connects again, by the slot of its session. */
export const RETRYING_NAMES = names('r');

const SLOTS: ReadonlyMap<string, number> = new Map(
  [SESS_NAMES, CONN_NAMES, STRM_NAMES].flatMap((all) => all.map((name, slot) => [name, slot])),
);

/** Whether a stream has a name that a state can keep. */
export function isStreamName(name: string): boolean {
  return STRM_NAMES.includes(name);
}

/** The slot that a name of a session, a connection or a stream stands for. */
export function slotOf(name: string): number {
  const slot = SLOTS.get(name);
  if (slot === undefined) throw new RangeError(`no name of a state: ${name}`);
  return slot;
}

/** The first name that nothing bears. */
export function freeName(all: readonly string[], isTaken: (name: string) => boolean): string {
  for (const name of all) if (!isTaken(name)) return name;
  throw new RangeError(`a state names more than ${SLOTS_MAX} objects of a kind`);
}
