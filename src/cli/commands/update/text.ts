import { count } from '../../../report/text/layout.ts';
import { escapeControl } from '../../../trace/text/escape.ts';

/** What an update did to one file. */
export interface FileUpdate {
  /** As given or found. */
  readonly path: string;
  /** Lines that were rewritten. */
  readonly lines: number;
  /** First causes that the file still has. */
  readonly divergences: number;
  /** Nothing was written, though something may have to be. */
  readonly refused: boolean;
}

function staying(divergences: number): string {
  if (divergences === 0) return '';
  return `; ${count(divergences, 'divergence')} ${divergences === 1 ? 'stays' : 'stay'}`;
}

/** One line about a file that was not refused. */
export function fileUpdateText({ path, lines, divergences }: FileUpdate): string {
  const what = lines === 0 ? 'nothing to change' : `${count(lines, 'line')} rewritten`;
  return `${escapeControl(path)}: ${what}${staying(divergences)}\n`;
}

/** The last line about several files. */
export function updateSummaryText(files: readonly FileUpdate[]): string {
  const written = files.filter(({ lines }) => lines > 0);
  const refused = files.filter((file) => file.refused).length;
  const lines = written.reduce((sum, file) => sum + file.lines, 0);
  const parts = [
    written.length === 0
      ? 'nothing rewritten'
      : `${written.length} rewritten (${count(lines, 'line')})`,
    ...(refused === 0 ? [] : [`${refused} refused`]),
  ];
  return `${count(files.length, 'file')}, ${parts.join(', ')}\n`;
}
