import {
  assignExpectSchema,
  connStateSchema,
  sessStateSchema,
  srvStateSchema,
  type TraceEvent,
} from '../format/index.ts';
import { isNotKept } from '../replay/compare.ts';
import type { Divergence, Value } from '../replay/result.ts';
import { isObject } from '../trace/check/acceptor.ts';
import { addEdit, type Edit, noEdits, type ObjectEdit } from './edit.ts';
import type { UpdateMode } from './mode.ts';

/** Everything that is known of a step, in the words of an expectation and in the written order. */
export type Observed = Readonly<Record<string, Value>>;

/** One step as an update needs it. */
export interface UpdatedStep {
  readonly event: TraceEvent;
  readonly divergences: readonly Divergence[];
}

const KINDS = ['conn', 'sess', 'srv'] as const;
const STATES = { conn: connStateSchema, sess: sessStateSchema, srv: srvStateSchema };

/** Keys whose `null` is a value; of all others it says that there is nothing to state. */
const NULLABLE: ReadonlySet<string> = new Set(
  Object.entries({ ...assignExpectSchema.shape, ...connStateSchema.shape })
    .filter(([, schema]) => schema.safeParse(null).success)
    .map(([key]) => key),
);

/**
 * What an update changes in the line of a step; null when it leaves the line alone.
 *
 * @param observed asked for only when the mode states more than the trace does
 */
export function editsFor(
  step: UpdatedStep,
  mode: UpdateMode,
  observed: () => Observed,
): ObjectEdit | null {
  const edits = noEdits();
  const { expect } = step.event;
  if (expect === undefined) {
    if (mode === 'changed') return null;
    addEdit(edits, ['expect'], { kind: 'set', value: observed() });
    return edits;
  }
  if (mode === 'missing') return null;
  if (mode === 'full') state(edits, expect, observed());
  for (const divergence of step.divergences) correct(edits, divergence);
  return edits.keys.size === 0 ? null : edits;
}

/** States what an expectation leaves out. */
function state(edits: ObjectEdit, expect: object, observed: Observed): void {
  for (const [key, value] of Object.entries(observed)) {
    const stated: unknown = Object.hasOwn(expect, key) ? Reflect.get(expect, key) : undefined;
    if (stated === undefined) addEdit(edits, ['expect', key], { kind: 'set', value });
    else if (KINDS.some((kind) => kind === key)) stateObjects(edits, key, stated, value);
  }
}

/** States objects that a record leaves out, and keys that the state of one leaves out. */
function stateObjects(edits: ObjectEdit, kind: string, stated: unknown, observed: Value): void {
  if (!isObject(stated) || !isObject(observed)) return;
  for (const [id, value] of Object.entries(observed as Observed)) {
    const known = Object.hasOwn(stated, id) ? stated[id] : undefined;
    if (known === undefined) addEdit(edits, ['expect', kind, id], { kind: 'set', value });
    else if (isObject(known) && isObject(value)) {
      for (const [key, inner] of Object.entries(value as Observed)) {
        if (Object.hasOwn(known, key)) continue;
        addEdit(edits, ['expect', kind, id, key], { kind: 'set', value: inner });
      }
    }
  }
}

/** Writes what was observed where the trace states something else. */
function correct(edits: ObjectEdit, { kind, subject, field, actual }: Divergence): void {
  if (kind === 'impossible') return;
  if (subject.kind === 'event') {
    // The connection that connect_server gets is an input, not an expectation.
    if (field !== 'conn') addEdit(edits, ['expect', field], become(field, actual));
    return;
  }
  const whole = `${subject.kind}.${subject.id}`;
  const path = ['expect', subject.kind, subject.id];
  if (field === whole) {
    addEdit(edits, path, { kind: 'set', value: stateOf(subject.kind, actual) });
    return;
  }
  const key = field.slice(whole.length + 1);
  const edit: Edit = isNotKept(subject.kind, key, actual)
    ? { kind: 'remove' }
    : become(key, actual);
  addEdit(edits, [...path, key], edit);
}

function become(key: string, actual: Value): Edit {
  if (actual === null && !NULLABLE.has(key)) return { kind: 'remove' };
  return { kind: 'set', value: actual };
}

/** What the format can state of an object; `null` when it is freed. */
function stateOf(kind: keyof typeof STATES, view: Value): Value {
  if (!isObject(view)) return view;
  const entries: [string, Value][] = [];
  for (const key of Object.keys(STATES[kind].shape)) {
    const value = (view as Observed)[key];
    if (value !== undefined && (value !== null || NULLABLE.has(key))) entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}
