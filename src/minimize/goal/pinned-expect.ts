import type { Expect, TraceEvent } from '../../format/index.ts';
import type { Divergence, StepResult, Value } from '../../replay/result.ts';

/**
 * What the event of a step that differs goes on expecting: nothing but the field that differs, as
 * it stated it; and an end, if there is one and that is as stated, as an expectation without it
 * expects none.
 */
export function pinnedExpect(
  { event, outcome }: StepResult,
  divergence: Divergence,
): Pick<TraceEvent, 'expect'> {
  const expect = event.expect as Expect | undefined;
  const claims = divergence.subject.kind === 'event' && divergence.field === 'conn';
  if (expect === undefined || claims || divergence.kind === 'impossible') return {};
  const kept = keptField(expect, divergence);
  const crash = outcome.crash !== null && expect.crash !== undefined ? { crash: expect.crash } : {};
  const isAborted = outcome.abort !== undefined && expect.abort !== undefined;
  const abort = isAborted ? { abort: expect.abort } : {};
  return { expect: { ...kept, ...crash, ...abort } };
}

function keptField(
  expect: Expect,
  { subject, field }: Divergence,
): Readonly<Record<string, Value>> {
  const { kind, id } = subject;
  if (kind === 'event') {
    const value = statedAt(expect, field);
    // Without the key an expectation states that the program goes on.
    return value === undefined ? {} : { [field]: value };
  }
  const state = statedAt(statedAt(expect, kind), id) ?? null;
  const whole = `${kind}.${id}`;
  if (field === whole) return { [kind]: Object.fromEntries([[id, state]]) };
  const key = field.slice(whole.length + 1);
  const part = { [key]: statedAt(state, key) ?? null };
  return { [kind]: Object.fromEntries([[id, part]]) };
}

function statedAt(object: unknown, key: string): Value | undefined {
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, key))
    return undefined;
  return (object as Readonly<Record<string, Value>>)[key];
}
