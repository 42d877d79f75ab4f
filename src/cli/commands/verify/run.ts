import { mkdir } from 'node:fs/promises';
import { countVerdicts, type VerifiedTrace } from '../../../report/verified/result.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import { expandPaths, type Source } from '../../files/paths.ts';
import { KnownError, systemErrorText } from '../../outcome/errors.ts';
import { exitCodeOf, type Outcome, worse } from '../../outcome/outcome.ts';
import { checkDestinations, checkDrawings, parseReporters } from '../../reports/reporters.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { ProblemPrinter } from '../../streams/problems.ts';
import { interruptible } from '../../streams/signals.ts';
import { holdTrace } from '../../traces/held-trace.ts';
import type { VerifyOptions } from './options.ts';
import { VerifyOutputs } from './outputs.ts';
import { judgedBy, programAt } from './programs.ts';
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
  const { stderr, stdin, env, isTerminal } = host;
  const hasColor = usesColor({ mode: options.color, env, isTerminal: isTerminal.stderr });
  const errorPalette = await paletteFor(hasColor);
  const requests = parseReporters(options.reporter ?? [], env);
  checkDrawings(requests, 0);
  const path = env.PATH ?? '';
  const haproxy = await programAt(options.haproxy, '--haproxy', { path, hint: HAPROXY_HINT });
  const runner = await programAt(options.runner, '--runner', { path, hint: RUNNER_HINT });
  const keep = await makeKept(options.keep);
  const { sources, problems: unread } = await expandPaths(paths);
  await checkDestinations(requests, sources);
  return interruptible(async (stop) => {
    let outputs: VerifyOutputs | null = null;
    try {
      const judged = await judgedBy(haproxy, options.rules, stop);
      const bench: Bench = { programs: { haproxy, runner, path }, judged, keep, stop };
      outputs = await VerifyOutputs.open(requests, options.color, host);
      outputs.head(judged);
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
      const told = outputs;
      await eachInOrder(sources, options.jobs, verify, (trace) => {
        traces.push(trace);
        told.trace(trace);
      });
      const outcome = outcomeOf(traces, unread.length);
      const { version, rules, since } = judged;
      const by = { version: host.version, outcome, exitCode: exitCodeOf(outcome) };
      return worse(outcome, await outputs.finish({ version, rules, since, traces, unread, by }));
    } catch (error) {
      outputs?.abandon();
      if (stop.aborted) return 'interrupted';
      throw error;
    }
  });
}
