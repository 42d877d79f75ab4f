import { findRuleSet, promisedUnder } from '../../../engine/index.ts';
import type { Property } from '../../../engine/invariants/property-names.ts';
import {
  type Minimized,
  minimize,
  NotExportable,
  type Recorded,
  Recording,
} from '../../../minimize/index.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import { propertyNamed } from '../../arguments/property.ts';
import { ruleSetNamed } from '../../arguments/rule-set.ts';
import { checkOut, writeOut } from '../../files/new-file.ts';
import { STDIN_ARGUMENT, STDIN_NAME } from '../../files/paths.ts';
import { KnownError } from '../../outcome/errors.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import { toTheEnd } from '../../streams/breathe.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { interruptible } from '../../streams/signals.ts';
import { problemsOf, readWhole } from '../../traces/read-whole.ts';
import type { MinimizeOptions } from './options.ts';
import { minimizeText } from './text.ts';

/** A run that is asked for, its options checked. */
interface Request {
  /** As given; null for standard input. */
  readonly path: string | null;
  readonly property: Property | null;
  readonly options: MinimizeOptions;
}

/** Reads the trace; null when that is impossible, or anything is wrong with it, which is told. */
async function read(
  { path, property, options }: Request,
  host: Host,
  stop: AbortSignal,
): Promise<Recorded | null> {
  const asked = { rules: options.rules, ignoreExpectations: property !== null };
  const problems = await problemsOf(path, options.color, host);
  const recording = new Recording(path ?? STDIN_NAME, asked, (problem) => problems.add(problem));
  const isRead = await readWhole(path, recording, problems, { host, stop });
  return isRead ? recording.end() : null;
}

/** Why a trace cannot be minimised. */
function nothingThere({ path, property }: Request, { rules }: Recorded): KnownError {
  const name = escapeControl(path ?? STDIN_NAME);
  const lacks =
    property === null
      ? `it is as it expects to be, and neither crashes nor breaks a promise of ${rules.id}`
      : `no step breaks ${property}`;
  return new KnownError(`${name}: nothing to minimise: ${lacks}`);
}

/** Options that decide what is minimised, as they are spelt. */
function spelled({ rules, property, exportable }: MinimizeOptions): string[] {
  return [
    ...(exportable === true ? ['--exportable'] : []),
    ...(rules === undefined ? [] : ['--rules', rules]),
    ...(property === undefined ? [] : ['--property', property]),
  ];
}

async function tell(small: Minimized, request: Request, rules: string, host: Host): Promise<void> {
  const { path, options } = request;
  const { stdout, stderr, env, isTerminal, width } = host;
  const out = options.out ?? null;
  const stream = out === null ? 'stderr' : 'stdout';
  const hasColor = usesColor({ mode: options.color, env, isTerminal: isTerminal[stream] });
  const { signature } = small;
  const judge = findRuleSet(rules);
  const isUnasked =
    signature.kind === 'broken' &&
    judge !== undefined &&
    !promisedUnder(judge).includes(signature.invariant);
  const words = minimizeText(small, {
    path,
    out,
    options: spelled(options),
    invariant: isUnasked ? signature.invariant : null,
    palette: await paletteFor(hasColor),
    width,
  });
  if (out === null) {
    stdout.write(small.text);
    // The words come last, where both go to one terminal.
    await stdout.flush();
    stderr.tell(words);
  } else {
    await writeOut(out, small.text);
    stdout.tell(words);
  }
}

/**
 * The command `replay minimize`: writes the smallest trace that shows what a trace shows, and says
 * how small it got.
 *
 * @throws KnownError for an unknown rule set or property, an `--out` that cannot be, and a trace
 *   that shows nothing
 */
export async function runMinimize(
  argument: string,
  options: MinimizeOptions,
  host: Host,
): Promise<Outcome> {
  const { rules } = options;
  const named = rules === undefined ? {} : { rules: ruleSetNamed(rules, host.stderr).id };
  const property = options.property === undefined ? null : propertyNamed(options.property);
  const path = argument === STDIN_ARGUMENT ? null : argument;
  if (options.out !== undefined) await checkOut(options.out, path);
  const request = { path, property, options: { ...options, ...named } };
  return interruptible(async (stop) => {
    try {
      const recorded = await read(request, host, stop);
      if (recorded === null) return 'not-judged';
      const small = await toTheEnd(minimize(recorded, property, options.exportable), stop);
      if (small === null) throw nothingThere(request, recorded);
      stop.throwIfAborted();
      await tell(small, request, recorded.rules.id, host);
      return 'agrees';
    } catch (error) {
      if (stop.aborted) return 'interrupted';
      if (!(error instanceof NotExportable)) throw error;
      const name = escapeControl(path ?? STDIN_NAME);
      const what = escapeControl(error.message);
      throw new KnownError(`${name}: what shows the same cannot be exported: ${what}`);
    }
  });
}
