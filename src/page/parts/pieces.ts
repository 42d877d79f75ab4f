import type { Subject } from '../data/band.ts';
import { type Child, h, number } from '../dom.ts';

/** What details lead to. */
export interface Ways {
  readonly toStep: (step: number) => string;
  readonly toSubject: (subject: Subject) => void;
}

/** A part of the details, below its title. */
export function section(title: string, ...children: Child[]): HTMLElement {
  return h('section', {}, h('h3', {}, title), ...children);
}

/** A link to a step. */
export function stepLink(step: number, { toStep }: Ways): HTMLElement {
  return h('a', { href: toStep(step) }, `step ${number(step)}`);
}

/** The id of a rule, and whether it is known from reading alone. */
export function ruleTag(id: string, isRead: boolean): HTMLElement {
  const title = 'known from reading: no recording of HAProxy has exercised it';
  return h('span', { class: 'rule' }, id, isRead && h('span', { class: 'read', title }, ' (read)'));
}
