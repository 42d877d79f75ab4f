import type { Expect, TraceEvent } from '../../format/index.ts';
import { type NameKind, type Rename, targetKind } from './name-kind.ts';
import { renameCall, renameOwner } from './rename-call.ts';

/** Every name in an event, but for its expectation, in the order of its keys. */
export function namesIn(event: TraceEvent): (readonly [NameKind, string])[] {
  const names: [NameKind, string][] = [];
  renameInputs(event, (kind, name) => {
    names.push([kind, name]);
    return name;
  });
  return names;
}

/** An event with other names, also in what it expects. */
export function renameEvent(event: TraceEvent, rename: Rename): TraceEvent {
  const renamed = renameInputs(event, rename);
  if (event.expect === undefined) return renamed;
  // The keys stay what they are, and with them the type.
  return { ...renamed, expect: renameExpect(event.expect as Expect, rename) } as TraceEvent;
}

function renameInputs(event: TraceEvent, rename: Rename): TraceEvent {
  const inputs = Object.entries(event).map(([key, value]: [string, unknown]) => {
    if (typeof value === 'string') return [key, renameValue(key, value, rename)];
    if (key !== 'unusable') return [key, value];
    return [key, (value as readonly string[]).map((srv) => rename('srv', srv))];
  });
  return Object.fromEntries(inputs) as TraceEvent;
}

function renameValue(key: string, value: string, rename: Rename): string {
  switch (key) {
    case 'sess':
    case 'strm':
    case 'conn':
    case 'fe':
    case 'be':
    case 'srv':
      return rename(key, value);
    case 'target':
      return rename(targetKind(value), value);
    default:
      return value;
  }
}

/** An expectation with other names. */
export function renameExpect(expect: Expect, rename: Rename): Expect {
  const { target, calls, conn, sess, srv } = expect;
  const conns = (ids: readonly string[]): string[] => ids.map((id) => rename('conn', id));
  return {
    ...expect,
    ...(typeof target === 'string' && { target: rename('srv', target) }),
    ...(calls && { calls: calls.map((call) => renameCall(call, rename)) }),
    ...(conn && {
      conn: mapEntries(conn, 'conn', rename, (state) => ({
        ...state,
        ...(state.owner && { owner: renameOwner(state.owner, rename) }),
        ...(state.listed_in && { listed_in: rename('sess', state.listed_in) }),
      })),
    }),
    ...(sess && {
      sess: mapEntries(sess, 'sess', rename, (state) => ({
        ...state,
        ...(state.srv_list && {
          srv_list: state.srv_list.map(([at, ids]): [string, string[]] => [
            rename(targetKind(at), at),
            conns(ids),
          ]),
        }),
      })),
    }),
    ...(srv && {
      srv: mapEntries(srv, 'srv', rename, (state) => ({
        ...state,
        ...(state.idle && { idle: conns(state.idle) }),
        ...(state.safe && { safe: conns(state.safe) }),
        ...(state.available && { available: conns(state.available) }),
        ...(state.age && { age: conns(state.age) }),
      })),
    }),
  };
}

/** States by their objects' new names; null, an object that is freed, stays null. */
function mapEntries<State>(
  states: Readonly<Record<string, State>>,
  kind: NameKind,
  rename: Rename,
  change: (state: NonNullable<State>) => State,
): Record<string, State> {
  // Object.fromEntries makes `__proto__` a key like any other; an assignment would not.
  return Object.fromEntries(
    Object.entries(states).map(([id, state]) => {
      const changed = state === null || state === undefined ? state : change(state);
      return [rename(kind, id), changed];
    }),
  );
}
