import { stat } from 'node:fs/promises';
import { DEFAULT_RULE_SET, findRuleSet } from '../../../engine/index.ts';
import { courseComment, isRefusal, realise, vtcText } from '../../../export/index.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import { ruleSetNamed } from '../../arguments/rule-set.ts';
import { checkName } from '../../files/names.ts';
import { checkOut, writeOut } from '../../files/new-file.ts';
import { STDIN_ARGUMENT, STDIN_NAME } from '../../files/paths.ts';
import { KnownError, systemErrorText } from '../../outcome/errors.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { ProblemPrinter } from '../../streams/problems.ts';
import { interruptible } from '../../streams/signals.ts';
import { holdTrace } from '../../traces/held-trace.ts';
import type { ExportOptions } from './options.ts';
import { refusalText } from './text.ts';

async function isRegular(path: string): Promise<boolean> {
  checkName(path);
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    throw new KnownError(`${escapeControl(path)}: cannot be read: ${systemErrorText(error)}`);
  }
}

/**
 * The command `replay export`: writes the script that makes a trace happen.
 *
 * @throws KnownError for an unknown rule set, an `--out` that cannot be, a trace that cannot be read
 */
export async function runExport(
  argument: string,
  options: ExportOptions,
  host: Host,
): Promise<Outcome> {
  const asked = options.rules === undefined ? null : ruleSetNamed(options.rules, host.stderr);
  const stdin = argument === STDIN_ARGUMENT;
  const path = stdin ? STDIN_NAME : argument;
  if (options.out !== undefined) await checkOut(options.out, stdin ? null : argument);
  const source = { path, stdin, isRegular: !stdin && (await isRegular(argument)) };
  const { stdout, stderr, env, isTerminal } = host;
  const hasColor = usesColor({ mode: options.color, env, isTerminal: isTerminal.stderr });
  const problems = new ProblemPrinter(path, stderr, await paletteFor(hasColor));
  return interruptible(async (stop) => {
    try {
      const held = await holdTrace(source, problems, { stdin: host.stdin, stop });
      problems.end();
      if (held === null) return 'not-judged';
      const { header, events, columnOf } = held;
      const own = header.rules === undefined ? DEFAULT_RULE_SET.id : header.rules;
      const rules = asked ?? findRuleSet(own) ?? ruleSetNamed(own, stderr);
      const course = realise(header.config ?? {}, events, rules);
      if (isRefusal(course)) {
        const event = events.find(({ line }) => line === course.line)?.event ?? null;
        const called = { argument, rules: options.rules };
        throw new KnownError(refusalText(path, course, { columnOf, event, called }));
      }
      const title = header.title ?? path;
      const text = vtcText(course, { title, comment: courseComment(course), capture: null });
      if (options.out !== undefined) await writeOut(options.out, text);
      else stdout.write(text);
      return 'agrees';
    } catch (error) {
      if (stop.aborted) return 'interrupted';
      throw error;
    }
  });
}
