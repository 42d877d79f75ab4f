import type { MatrixCell, MatrixColumn, MatrixRow, ShortestFind } from '../../../explore/index.ts';
import { count } from '../../../report/text/layout.ts';
import { fileNameOf, inFileName } from './found-files.ts';

/** Where the trace of a broken promise stands, from the page on. */
export function tracePath({ rules }: MatrixColumn, find: ShortestFind): string {
  return [rules.id, inFileName(find.world), fileNameOf(find)].join('/');
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
export function matrixPage(
  rows: readonly MatrixRow[],
  columns: readonly MatrixColumn[],
  worlds: readonly string[],
): string {
  const head = tableLine(['promise', ...columns.map(({ rules }) => `\`${rules.id}\``)]);
  const table = rows.map(({ property, cells }) => {
    const texts = cells.map((cell, at) => {
      const column = columns[at];
      return column === undefined ? '' : cellText(column, cell);
    });
    return tableLine([`\`${property}\``, ...texts]);
  });
  return `${[
    '# Promises by rule set',
    '',
    'What must hold, and under which rule sets a search has met that it does not. Made by',
    '`npm run found`: every world that comes with `replay explore` is searched under every rule set.',
    'A broken promise stands with the shortest trace that breaks it, whatever the world, and with the',
    'bugs of the history that show by it. What held did so in all states of all worlds together;',
    'another world may break it. `–`: the rule set promises nothing of the kind. `replay invariants`',
    'says what each promise is.',
    '',
    head,
    tableLine(['---', ...columns.map(() => '---')]),
    ...table,
    '',
    `The worlds: ${worlds.map((world) => `\`${world}\``).join(', ')}.`,
  ].join('\n')}\n`;
}
