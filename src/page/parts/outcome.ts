import type { ToldChange, ToldOutcome } from '../../report/page/told.ts';
import type { Subject } from '../data/band.ts';
import type { Trace } from '../data/trace.ts';
import { type Child, h, long } from '../dom.ts';
import { section, type Ways } from './pieces.ts';

const KINDS = { conn: 'connection', sess: 'session', srv: 'server' } as const;

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

/** What came of an event under one rule set: what changed, and the calls. */
export function outcomeSections(
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
