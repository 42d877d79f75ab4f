import type {
  ToldChange,
  ToldDecision,
  ToldDifference,
  ToldOutcome,
  ToldParting,
  ToldStep,
} from '../../report/page/told.ts';
import type { Subject } from '../data/band.ts';
import type { Trace } from '../data/trace.ts';
import { type Child, count, h, long, number } from '../dom.ts';

/** What details lead to. */
export interface Ways {
  readonly toStep: (step: number) => string;
  readonly toSubject: (subject: Subject) => void;
}

const KINDS = { conn: 'connection', sess: 'session', srv: 'server' } as const;

function section(title: string, ...children: Child[]): HTMLElement {
  return h('section', {}, h('h3', {}, title), ...children);
}

function stepLink(step: number, { toStep }: Ways): HTMLElement {
  return h('a', { href: toStep(step) }, `step ${number(step)}`);
}

/** The rule that decided: its function and file, its id, and what it says. */
function deciderOf(trace: Trace, [rule, says]: ToldDecision): HTMLElement {
  const [id, fn, file, isRead] = trace.rules[rule] ?? ['', '', '', 0];
  return h(
    'div',
    { class: 'decider' },
    h('div', {}, 'decided by ', h('code', {}, fn), ' ', h('span', { class: 'faint' }, file)),
    h('div', {}, long(says), ' ', ruleTag(id, isRead === 1)),
  );
}

function ruleTag(id: string, isRead: boolean): HTMLElement {
  const title = 'known from reading: no recording of HAProxy has exercised it';
  return h('span', { class: 'rule' }, id, isRead && h('span', { class: 'read', title }, ' (read)'));
}

/** Differences as a table, each with who decided it below. */
function differencesTable(
  trace: Trace,
  all: readonly ToldDifference[],
  [one, other]: readonly [string, string],
  ways: Ways,
): HTMLElement {
  const rows = all.flatMap(({ field, expected, actual, by, over, follows }) => {
    const below: Child[] = [
      by !== undefined && deciderOf(trace, by),
      ...(over ?? []).map((text) => h('div', { class: 'faint' }, 'passed over ', long(text))),
      follows !== undefined &&
        h('div', { class: 'follows' }, 'follows from ', stepLink(follows, ways)),
    ];
    const row = h(
      'tr',
      { class: follows === undefined ? null : 'follower' },
      h('th', { scope: 'row' }, long(field)),
      h('td', {}, long(expected)),
      h('td', { class: 'differs' }, long(actual)),
    );
    const hasBelow = below.some((child) => child !== false);
    return hasBelow ? [row, h('tr', {}, h('td', { colspan: 3, class: 'by' }, below))] : [row];
  });
  return h(
    'table',
    { class: 'differences' },
    h(
      'thead',
      {},
      h('tr', {}, ...['field', one, other].map((name) => h('th', { scope: 'col' }, name))),
    ),
    h('tbody', {}, rows),
  );
}

function changeRows(change: ToldChange, subject: Subject | null, ways: Ways): HTMLElement[] {
  const { kind, id, how, fields } = change;
  const name = `${KINDS[kind]} ${id}`;
  const object =
    subject === null
      ? h('span', {}, long(name, 60))
      : h(
          'button',
          { type: 'button', class: 'object', onclick: () => ways.toSubject(subject) },
          name.length > 60 ? `${name.slice(0, 59)}…` : name,
        );
  const head = h(
    'tr',
    { class: 'head' },
    h(
      'th',
      { scope: 'rowgroup', colspan: 2 },
      object,
      how !== 'changed' && h('em', { class: how }, ` ${how}`),
    ),
  );
  const rows = fields.map(([field, one, other]) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, field),
      h(
        'td',
        {},
        other !== undefined && [h('span', { class: 'before' }, long(one)), ' → '],
        h('span', { class: field === 'leaked' ? 'bad' : 'after' }, long(other ?? one)),
      ),
    ),
  );
  return [head, ...rows];
}

function changesTable(
  trace: Trace,
  band: number,
  step: number,
  changes: readonly ToldChange[],
  ways: Ways,
): HTMLElement {
  const rows = changes.flatMap((change) => {
    const { kind, id } = change;
    const subject = kind === 'srv' ? null : trace.subjectOf(band, kind, id, step);
    return changeRows(change, subject, ways);
  });
  return h('table', { class: 'changes' }, h('tbody', {}, rows));
}

function outcomeSections(
  trace: Trace,
  band: number,
  step: number,
  outcome: ToldOutcome,
  name: string,
  ways: Ways,
): Child[] {
  const { calls, changes, why } = outcome;
  return [
    why !== undefined && h('p', { class: 'why' }, long(why)),
    changes !== undefined &&
      section(`What changed${name}`, changesTable(trace, band, step, changes, ways)),
    calls !== undefined &&
      section(
        `Calls${name}`,
        h(
          'ol',
          { class: 'calls' },
          calls.map((call) => h('li', {}, h('code', {}, long(call)))),
        ),
      ),
  ];
}

/** Decisions below the functions that took them, in order. */
function decisionsList(trace: Trace, decisions: readonly ToldDecision[]): HTMLElement {
  const list = h('dl', { class: 'decisions' });
  let last = '';
  for (const [rule, says] of decisions) {
    const [id, fn, file, isRead] = trace.rules[rule] ?? ['', '', '', 0];
    if (fn !== last) {
      list.append(h('dt', {}, h('code', {}, fn), ' ', h('span', { class: 'faint' }, file)));
      last = fn;
    }
    list.append(h('dd', {}, long(says), ' ', ruleTag(id, isRead === 1)));
  }
  return list;
}

function partingSection(
  trace: Trace,
  parting: ToldParting,
  names: readonly string[],
  ways: Ways,
): HTMLElement {
  const { from, to, isOfRules, differences } = parting;
  const [one = 'from', other = 'to'] = names;
  const reason = ([rule, fn, says]: ToldParting['from'], name: string): HTMLElement =>
    h(
      'div',
      { class: 'reason' },
      h('h4', {}, `under ${name}`),
      fn !== '' && h('div', {}, h('code', {}, fn)),
      h('div', {}, long(says)),
      h('div', {}, ruleTag(rule, false)),
    );
  return section(
    isOfRules ? 'Here the rules part' : 'Here they part by what they find',
    h('div', { class: 'reasons' }, reason(from, one), reason(to, other)),
    differences.length > 0 && differencesTable(trace, differences, [one, other], ways),
  );
}

/** All of a step: what happened, what came of it, and why. */
export function stepDetails(
  trace: Trace,
  row: number,
  told: ToldStep,
  shown: readonly number[],
  ways: Ways,
): Child[] {
  const { outcomes, divergences, findings, decisions, partings, following, trail } = told;
  const step = trace.numberOf(row);
  const names = shown.map((band) => trace.summary.rules[band] ?? '');
  const isOne = outcomes.length === 1 || shown.length === 1;
  const sides = isOne ? [shown[0] ?? 0] : shown;
  const cameOf = (band: number): string => (outcomes[band] ?? outcomes[0])?.came ?? '';
  const came = sides.map(cameOf);
  return [
    h('h2', {}, `Step ${number(step)}: `, h('code', {}, trace.name(trace.events[row]))),
    h(
      'p',
      { class: 'event' },
      h('strong', {}, long(told.ids)),
      ...told.inputs.flatMap((input) => [' ', h('span', { class: 'input' }, long(input))]),
    ),
    h(
      'p',
      { class: 'came' },
      new Set(came).size === 1
        ? came[0]
        : came.map((each, at) => h('span', { class: 'side' }, `under ${names[at]}: ${each}`)),
    ),
    h('p', { class: 'faint' }, atText(trace, row), `line ${number(told.line)} of the trace`),
    told.note !== undefined && h('p', { class: 'note' }, long(told.note, 600)),
    (told.headers ?? []).map((header) => h('p', { class: 'header' }, h('code', {}, long(header)))),
    divergences !== undefined &&
      section(
        count(divergences.length, 'divergence'),
        differencesTable(trace, divergences, ['expected', 'actual'], ways),
      ),
    (partings ?? []).map((parting) => partingSection(trace, parting, names, ways)),
    following !== undefined &&
      section(
        'What follows from earlier partings',
        differencesTable(trace, following, [names[0] ?? '', names[1] ?? ''], ways),
      ),
    findings !== undefined &&
      section(
        'What it breaks',
        h(
          'ul',
          { class: 'findings' },
          findings.map(({ name, severity, says, source, stated }) =>
            h(
              'li',
              {},
              h('strong', { class: stated ? 'warn' : 'bad' }, name),
              ` (${severity}${stated ? ', as the trace expects' : ''}): `,
              long(says, 400),
              h('div', { class: 'faint' }, `from ${source}`),
            ),
          ),
        ),
      ),
    sides.flatMap((band) =>
      outcomeSections(
        trace,
        band,
        step,
        outcomes[band] ?? outcomes[0] ?? { came: '' },
        isOne ? '' : ` under ${trace.summary.rules[band]}`,
        ways,
      ),
    ),
    decisions !== undefined && section('Why', decisionsList(trace, decisions)),
    trail !== undefined &&
      section(
        'Earlier steps of what diverges',
        h(
          'p',
          {},
          trail.flatMap((each, at) => [at > 0 && ', ', stepLink(each, ways)]),
        ),
      ),
  ];
}

/** When a step happens, where the trace tells. */
function atText(trace: Trace, row: number): string {
  const at = trace.at?.[row] ?? -1;
  return at < 0 ? '' : `at ${number(at)} ms, `;
}
