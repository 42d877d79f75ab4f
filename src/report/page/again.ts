import { escapeControl } from '../../trace/text/escape.ts';
import { pathArgument, shellQuote } from '../text/shell.ts';
import type { TraceSummary } from './told.ts';

/**
 * The command that shows a step of a trace again, by the same rules; null for standard input, which
 * is gone.
 *
 * @param words the command before its range
 * @param sets options that name rule sets, each with its name
 */
export function againOf(
  words: readonly string[],
  sets: readonly (readonly [option: string, name: string])[],
  { path, stdin }: { readonly path: string; readonly stdin: boolean },
): TraceSummary['again'] {
  if (stdin) return null;
  const options = sets.flatMap(([option, name]) => [option, shellQuote(name)]);
  return [escapeControl([...words, ...options, '--range'].join(' ')), pathArgument(path)];
}
