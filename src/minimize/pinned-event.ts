import type { Expect, TraceEvent } from '../format/index.ts';
import type { Divergence, StepResult, Value } from '../replay/result.ts';

/**
 * The event of a step that differs, expecting nothing but the field that differs, as it stated it;
 * and a crash, if there is one and that is as stated: an expectation without it expects none.
 */
export function pinnedEvent({ event, outcome }: StepResult, divergence: Divergence): TraceEvent {
  const { expect, ...bare } = event;
  const claims = divergence.subject.kind === 'event' && divergence.field === 'conn';
  if (expect === undefined || claims || divergence.kind === 'impossible') return bare;
  const kept = keptField(expect as Expect, divergence);
  const crash = outcome.crash !== null && expect.crash !== undefined ? { crash: expect.crash } : {};
  // A part of what stood there already.
  return { ...bare, expect: { ...kept, ...crash } } as TraceEvent;
}

function keptField(
  expect: Expect,
  { subject, field }: Divergence,
): Readonly<Record<string, Value>> {
  const { kind, id } = subject;
  if (kind === 'event') {
    const value = statedAt(expect, field);
    // Without the key an expectation states that nothing crashes.
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
