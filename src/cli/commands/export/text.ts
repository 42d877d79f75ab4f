import type { Refusal } from '../../../export/index.ts';
import type { TraceEvent } from '../../../format/index.ts';
import { pathArgument, shellQuote } from '../../../report/text/shell.ts';
import { escapeControl } from '../../../trace/text/escape.ts';

/** Where a trace asks for what no script can bring about, and why that is so. */
export function refusalText(
  path: string,
  { line, key, why }: Refusal,
  at: {
    readonly columnOf: (line: number, key: string | null) => number;
    readonly event: TraceEvent | null;
    /** What the command was called with. */
    readonly called: { readonly argument: string; readonly rules: string | undefined };
  },
): string {
  const place = `${escapeControl(path)}:${line}:${at.columnOf(line, key)}`;
  const what = at.event === null ? 'the configuration' : at.event.event;
  const { argument, rules } = at.called;
  const ruled = rules === undefined ? [] : ['--rules', shellQuote(rules)];
  const trace = argument === '-' ? argument : pathArgument(argument);
  const command = ['replay minimize --exportable', ...ruled, trace].join(' ');
  const hint = `the nearest that can be: ${command}`;
  return `${place}: ${what} cannot be exported: ${escapeControl(why)}; ${hint}`;
}
