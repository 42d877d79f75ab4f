import type { Refusal } from '../../../export/index.ts';
import type { TraceEvent } from '../../../format/index.ts';
import { escapeControl } from '../../../trace/text/escape.ts';

/** Where a trace asks for what no script can bring about, and why that is so. */
export function refusalText(
  path: string,
  { line, key, why }: Refusal,
  at: {
    readonly columnOf: (line: number, key: string | null) => number;
    readonly event: TraceEvent | null;
  },
): string {
  const place = `${escapeControl(path)}:${line}:${at.columnOf(line, key)}`;
  const what = at.event === null ? 'the configuration' : at.event.event;
  const hint = 'replay minimize --exportable searches the nearest that can be';
  return `${place}: ${what} cannot be exported: ${escapeControl(why)}; ${hint}`;
}
