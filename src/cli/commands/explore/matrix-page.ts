import { evidenceOf } from '../../../evidence/index.ts';
import type {
  Cure,
  Hunt,
  Matrix,
  MatrixCell,
  MatrixColumn,
  MatrixRow,
  ShortestFind,
} from '../../../explore/index.ts';
import { count } from '../../../report/text/layout.ts';
import { fileNameOf, inFileName } from './found-files.ts';

/** The page, among the traces that it names. */
const PAGE = 'README.md';

/** Where the trace of a broken promise stands, from the page on. */
function tracePath({ rules }: MatrixColumn, find: ShortestFind): string {
  return [rules.id, inFileName(find.world), fileNameOf(find)].join('/');
}

/** Where a bug and its cure stand, from the page on, without the side. */
function curePath({ bug, world, finding }: Hunt): string {
  return `bugs/${bug}-${inFileName(world)}-${inFileName(finding)}`;
}

function heldText({ states, depth }: MatrixColumn): string {
  return `held: ${count(states, 'state')}, ${depth === null ? 'exhausted' : `up to depth ${depth}`}`;
}

function cellText(column: MatrixColumn, { isPromised, shortest, bugs }: MatrixCell): string {
  if (!isPromised) return '–';
  if (shortest === null) return heldText(column);
  const trace = `[${count(shortest.depth, 'event')}](${tracePath(column, shortest)})`;
  const met = bugs.length === 0 ? '' : `: ${bugs.join(' ')}`;
  return `**broken** in ${trace}${met}`;
}

const tableLine = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Promises by rule sets, as a page in Markdown. */
function matrixPage(
  rows: readonly MatrixRow[],
  columns: readonly MatrixColumn[],
  worlds: readonly string[],
  cures: readonly Cure[],
): string {
  const head = tableLine(['promise', ...columns.map(({ rules }) => `\`${rules.id}\``)]);
  const table = rows.map(({ property, cells }) => {
    const texts = cells.map((cell, at) => {
      const column = columns[at];
      return column === undefined ? '' : cellText(column, cell);
    });
    return tableLine([`\`${property}\``, ...texts]);
  });
  const backed = columns.map(({ rules }) => {
    const { recordings } = evidenceOf(rules);
    return recordings === 0 ? 'none: read only' : `${recordings}`;
  });
  const met = cures.map(({ hunt, bug, before, after }) => {
    const path = curePath(hunt);
    return tableLine([
      bug.name,
      bug.says,
      `\`${hunt.finding}\` in \`${hunt.world}\``,
      `[${before.rules.id}](${path}.before.jsonl)`,
      `[${after.rules.id}](${path}.after.jsonl)`,
    ]);
  });
  return `${[
    '# Promises by rule set',
    '',
    'What must hold, and under which rule sets a search has met that it does not. Made by',
    '`npm run found`: every world that comes with `replay explore` is searched under every rule set.',
    'A broken promise stands with the shortest trace that breaks it, whatever the world, and with the',
    'bugs of the history that show by it. What held did so in all states of all worlds together;',
    'another world may break it. `–`: the rule set promises nothing of the kind. `replay invariants`',
    'says what each promise is. The last row counts the recordings of HAProxy that stand behind a',
    'rule set; what holds without any holds of what was read.',
    '',
    head,
    tableLine(['---', ...columns.map(() => '---')]),
    ...table,
    tableLine(['recordings', ...backed]),
    '',
    '## Bugs, before and after',
    '',
    'Bugs of the history by the shortest trace that meets them: under the newest release that has',
    'them, and what the same events come to under the rule set that cured them.',
    '',
    tableLine(['bug', 'in short', 'met as', 'before', 'after']),
    tableLine(['---', '---', '---', '---', '---']),
    ...met,
    '',
    `The worlds: ${worlds.map((world) => `\`${world}\``).join(', ')}.`,
  ].join('\n')}\n`;
}

/** A file of a table: where it stands below its directory, and what is in it. */
export type TableFile = readonly [path: string, text: string];

/** The page of a table, and every trace that it names. */
export function tableFiles(
  { rows, columns, cures }: Matrix,
  worlds: readonly string[],
): TableFile[] {
  const shortest = rows.flatMap(({ cells }) =>
    columns.flatMap((column, at): TableFile[] => {
      const find = cells[at]?.shortest;
      return find ? [[tracePath(column, find), find.text]] : [];
    }),
  );
  const sides = cures.flatMap(({ hunt, before, after }): TableFile[] => [
    [`${curePath(hunt)}.before.jsonl`, before.text],
    [`${curePath(hunt)}.after.jsonl`, after.text],
  ]);
  return [...shortest, ...sides, [PAGE, matrixPage(rows, columns, worlds, cures)]];
}
