import type { ToldDecision, ToldOutcome, ToldParting, ToldStep } from '../../report/page/told.ts';
import type { Trace } from '../data/trace.ts';
import { type Child, count, h, long, number } from '../dom.ts';
import { differencesTable } from './differences.ts';
import { outcomeSections } from './outcome.ts';
import { ruleTag, section, stepLink, type Ways } from './pieces.ts';

/** An outcome, and the shown bands that it is the outcome of. */
interface Side {
  readonly outcome: ToldOutcome;
  readonly bands: readonly number[];
}

/** The outcomes of a step under the shown rule sets, each once. */
function sidesOf({ outcomes, of }: ToldStep, shown: readonly number[]): Side[] {
  const sides = new Map<number, number[]>();
  for (const band of shown) {
    const outcome = of?.[band] ?? 0;
    sides.set(outcome, [...(sides.get(outcome) ?? []), band]);
  }
  return [...sides].flatMap(([at, bands]) => {
    const outcome = outcomes[at];
    return outcome === undefined ? [] : [{ outcome, bands }];
  });
}

/** What came of a step under the shown rule sets, in a few words, each once. */
export function cameOf(told: ToldStep, shown: readonly number[]): string[] {
  return [...new Set(sidesOf(told, shown).map(({ outcome }) => outcome.came))];
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

/** Where two rule sets part, and the reasons of both beside each other. */
function partingSection(trace: Trace, parting: ToldParting, ways: Ways): HTMLElement {
  const { at, from, to, isOfRules, differences } = parting;
  const [one, other] = [trace.rulesOf(at), trace.rulesOf(at + 1)];
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

function findingsSection(findings: NonNullable<ToldStep['findings']>): HTMLElement {
  const items = findings.map(({ name, severity, says, source, stated }) =>
    h(
      'li',
      {},
      h('strong', { class: stated ? 'warn' : 'bad' }, name),
      ` (${severity}${stated ? ', as the trace expects' : ''}): `,
      long(says, 400),
      h('div', { class: 'faint' }, `from ${source}`),
    ),
  );
  return section('What it breaks', h('ul', { class: 'findings' }, items));
}

/** What a step is: the event, what the trace says of it, and what came of it. */
function eventParts(trace: Trace, row: number, told: ToldStep, sides: readonly Side[]): Child[] {
  const names = ({ bands }: Side): string => bands.map((band) => trace.rulesOf(band)).join(', ');
  const isOne = new Set(sides.map(({ outcome }) => outcome.came)).size === 1;
  const arrow = (text = ''): string => (text.startsWith('=') ? text : `→ ${text}`);
  const came: Child = isOne
    ? arrow(sides[0]?.outcome.came)
    : sides.map((side) =>
        h(
          'span',
          { class: 'side' },
          `${arrow(side.outcome.came)} `,
          h('small', {}, `under ${names(side)}`),
        ),
      );
  return [
    h(
      'h2',
      {},
      `Step ${number(trace.numberOf(row))}: `,
      h('code', {}, trace.name(trace.events[row])),
    ),
    h(
      'p',
      { class: 'event' },
      h('strong', {}, long(told.ids)),
      told.inputs.map((input) => [' ', h('span', { class: 'input' }, long(input))]),
    ),
    h('p', { class: 'came' }, came),
    h('p', { class: 'faint' }, atText(trace, row), `line ${number(told.line)} of the trace`),
    told.note !== undefined && h('p', { class: 'note' }, long(told.note, 600)),
    (told.headers ?? []).map((header) => h('p', { class: 'header' }, h('code', {}, long(header)))),
  ];
}

/** All of a step: what happened, what came of it, and why. */
export function stepDetails(
  trace: Trace,
  row: number,
  told: ToldStep,
  shown: readonly number[],
  ways: Ways,
): Child[] {
  const { divergences, findings, decisions, partings = [], following, trail } = told;
  const step = trace.numberOf(row);
  const sides = sidesOf(told, shown);
  const [one = 0, other = 0] = shown;
  return [
    eventParts(trace, row, told, sides),
    divergences !== undefined &&
      section(
        count(divergences.length, 'divergence'),
        differencesTable(trace, divergences, ['expected', 'actual'], ways),
      ),
    partings
      .filter(({ at }) => shown.includes(at) || shown.includes(at + 1))
      .map((parting) => partingSection(trace, parting, ways)),
    following !== undefined &&
      section(
        'What follows from earlier partings',
        differencesTable(trace, following, [trace.rulesOf(one), trace.rulesOf(other)], ways),
      ),
    findings !== undefined && findingsSection(findings),
    sides.map(({ outcome, bands }) => {
      const under = bands.map((band) => trace.rulesOf(band)).join(', ');
      const name = sides.length === 1 ? '' : ` under ${under}`;
      return outcomeSections(trace, bands[0] ?? 0, step, outcome, name, ways);
    }),
    decisions !== undefined && section('Why', decisionsList(trace, decisions)),
    trail !== undefined &&
      section(
        'Earlier steps of what diverges',
        h(
          'p',
          {},
          trail.map((each, at) => [at > 0 && ', ', stepLink(each, ways)]),
        ),
      ),
  ];
}

/** When a step happens, where the trace tells. */
function atText(trace: Trace, row: number): string {
  const at = trace.at?.[row] ?? -1;
  return at < 0 ? '' : `at ${number(at)} ms, `;
}
