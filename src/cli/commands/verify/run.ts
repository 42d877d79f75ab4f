import { mkdir } from 'node:fs/promises';
import { escapeControl } from '../../../trace/text/escape.ts';
import { expandPaths, type Source } from '../../files/paths.ts';
import { KnownError, systemErrorText } from '../../outcome/errors.ts';
import { type Outcome, worse } from '../../outcome/outcome.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { ProblemPrinter } from '../../streams/problems.ts';
import { interruptible } from '../../streams/signals.ts';
import { holdTrace } from '../../traces/held-trace.ts';
import { WHOLE } from './formats/index.ts';
import { headText, summaryText, traceText } from './formats/pretty.ts';
import type { VerifyOptions } from './options.ts';
import { judgedBy, programAt } from './programs.ts';
import { countVerdicts, type VerifiedTrace } from './result.ts';
import { type Bench, verifyTrace } from './verify-trace.ts';

const HAPROXY_HINT = 'Debian has it in the package haproxy';
const RUNNER_HINT = 'Debian has varnishtest in the package varnish';

async function makeKept(keep: string | undefined): Promise<string | null> {
  if (keep === undefined) return null;
  try {
    await mkdir(keep, { recursive: true });
  } catch (error) {
    throw new KnownError(`--keep ${escapeControl(keep)}: ${systemErrorText(error)}`);
  }
  return keep;
}

function outcomeOf(traces: readonly VerifiedTrace[], unread: number): Outcome {
  const counts = countVerdicts(traces);
  const outcome: Outcome = counts.differs > 0 ? 'diverges' : 'agrees';
  const isNothing = counts['as-predicted'] + counts.differs === 0;
  const unjudged = counts['not-reached'] + counts.invalid + unread;
  return unjudged > 0 || isNothing ? worse(outcome, 'not-judged') : outcome;
}

/** Does something for each, several at a time; what comes of them is told in their order. */
async function eachInOrder<Item, Value>(
  items: readonly Item[],
  jobs: number,
  run: (item: Item) => Promise<Value>,
  tell: (value: Value) => void,
): Promise<void> {
  const done = new Map<number, Value>();
  let next = 0;
  let told = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      done.set(at, await run(items[at] as Item));
      for (let value = done.get(told); value !== undefined; value = done.get(++told)) {
        tell(value);
        done.delete(told);
      }
    }
  };
  const all = await Promise.allSettled(Array.from({ length: jobs }, work));
  for (const each of all) if (each.status === 'rejected') throw each.reason;
}

/**
 * The command `replay verify`: runs traces on a real HAProxy, and tells whether it does what the
 * model says.
 *
 * @throws KnownError for programs that are not there, a version that no rule set answers for, a
 *   `--keep` that cannot be
 */
export async function runVerify(
  paths: readonly string[],
  options: VerifyOptions,
  host: Host,
): Promise<Outcome> {
  const { stdout, stderr, stdin, env, isTerminal, width } = host;
  const paletteOf = (stream: 'stdout' | 'stderr') =>
    paletteFor(usesColor({ mode: options.color, env, isTerminal: isTerminal[stream] }));
  const errorPalette = await paletteOf('stderr');
  const text = { palette: await paletteOf('stdout'), width };
  const path = env.PATH ?? '';
  const haproxy = await programAt(options.haproxy, '--haproxy', { path, hint: HAPROXY_HINT });
  const runner = await programAt(options.runner, '--runner', { path, hint: RUNNER_HINT });
  const keep = await makeKept(options.keep);
  const { sources, problems: unread } = await expandPaths(paths);
  return interruptible(async (stop) => {
    try {
      const judged = await judgedBy(haproxy, options.rules, stop);
      const bench: Bench = { programs: { haproxy, runner, path }, judged, keep, stop };
      const isPretty = options.reporter === 'pretty';
      if (isPretty) stdout.tell(headText(judged, text));
      for (const each of unread) {
        new ProblemPrinter(each.path, stderr, errorPalette).addFile(each.what);
      }
      const verify = async (source: Source): Promise<VerifiedTrace> => {
        stop.throwIfAborted();
        const problems = new ProblemPrinter(source.path, stderr, errorPalette);
        const held = await holdTrace(source, problems, { stdin, stop });
        problems.end();
        if (held !== null) return verifyTrace(source.path, held, bench);
        const verdict = { kind: 'invalid', problems: problems.count } as const;
        return { path: source.path, title: null, verdict };
      };
      const traces: VerifiedTrace[] = [];
      await eachInOrder(sources, options.jobs, verify, (trace) => {
        traces.push(trace);
        if (!isPretty) return;
        stdout.tell(traceText(trace, text));
        void stdout.flush();
      });
      if (options.reporter === 'pretty') {
        if (traces.length > 1) {
          stdout.separate();
          stdout.tell(summaryText(traces, text));
        }
      } else {
        const { version, rules, since } = judged;
        stdout.write(WHOLE[options.reporter]({ version, rules, since, traces }));
      }
      return outcomeOf(traces, unread.length);
    } catch (error) {
      if (stop.aborted) return 'interrupted';
      throw error;
    }
  });
}
