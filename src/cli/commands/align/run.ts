import { type Aligned, align } from '../../../align/index.ts';
import { DEFAULT_RULE_SET, findRuleSet } from '../../../engine/index.ts';
import type { Header, TraceEvent } from '../../../format/index.ts';
import { unknownRuleSet } from '../../../replay/rule-set-name.ts';
import { formatLine, type Issue, type Problem, type TraceSink } from '../../../trace/index.ts';
import { ruleSetNamed } from '../../arguments/rule-set.ts';
import { checkOut, writeOut } from '../../files/new-file.ts';
import { STDIN_ARGUMENT } from '../../files/paths.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import { toTheEnd } from '../../streams/breathe.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { interruptible } from '../../streams/signals.ts';
import { problemsOf, readWhole } from '../../traces/read-whole.ts';
import type { AlignOptions } from './options.ts';
import { alignText, fitsWhole } from './text.ts';

/** Dropped events that the header of the aligned trace names. */
const DROPPED_NAMED = 100;

/** A trace that is held in memory. */
class Kept implements TraceSink {
  head: Header | null = null;
  readonly events: TraceEvent[] = [];

  constructor(
    readonly problem: (problem: Problem) => void,
    readonly faults: (header: Header) => readonly Issue[],
  ) {}

  header(header: Header): void {
    this.head = header;
  }

  event(event: TraceEvent): void {
    this.events.push(event);
  }
}

/** What of a dropped event the header of the aligned trace keeps. */
function droppedOf({ event, source }: TraceEvent): object {
  return { event, ...(source?.lines === undefined ? {} : { lines: source.lines }) };
}

/** Line by line, the aligned trace: its header says what was done to it. */
function* linesOf(header: Header, rules: string, aligned: Aligned): Generator<string> {
  const { added, moved, relaxed, amended, dropped, left } = aligned;
  const named = dropped.slice(0, DROPPED_NAMED).map(droppedOf);
  const done = {
    ...{ added, moved, amended, relaxed, dropped: dropped.length, left },
    ...(named.length === 0 ? {} : { 'first dropped': named }),
  };
  yield `${formatLine({ ...header, rules, source: { ...header.source, aligned: done } })}\n`;
  for (const event of aligned.events) yield `${formatLine(event)}\n`;
}

/**
 * The command `replay align`: writes a trace that fits the rules, and what it took.
 *
 * @throws KnownError for an unknown rule set, and an `--out` that cannot be
 */
export async function runAlign(
  argument: string,
  options: AlignOptions,
  host: Host,
): Promise<Outcome> {
  const { stdout, stderr, env, isTerminal, width } = host;
  const asked = options.rules === undefined ? null : ruleSetNamed(options.rules, stderr);
  const path = argument === STDIN_ARGUMENT ? null : argument;
  if (options.out !== undefined) await checkOut(options.out, path);
  return interruptible(async (stop) => {
    try {
      const problems = await problemsOf(path, options.color, host);
      const kept = new Kept(
        (problem) => problems.add(problem),
        ({ rules }) =>
          asked !== null || rules === undefined || findRuleSet(rules) !== undefined
            ? []
            : [unknownRuleSet(rules)],
      );
      if (!(await readWhole(path, kept, problems, { host, stop }))) return 'not-judged';
      const { head, events } = kept;
      if (head === null) return 'not-judged';
      const rules = asked ?? findRuleSet(head.rules ?? '') ?? DEFAULT_RULE_SET;
      const aligned = await toTheEnd(align(head, rules, events), stop);
      const lines = linesOf(head, rules.id, aligned);
      const out = options.out ?? null;
      const stream = out === null ? 'stderr' : 'stdout';
      const hasColor = usesColor({ mode: options.color, env, isTerminal: isTerminal[stream] });
      const look = { rules: rules.id, palette: await paletteFor(hasColor), width };
      if (out === null) {
        await stdout.writeAll(lines);
        await stdout.flush();
      } else await writeOut(out, lines);
      (out === null ? stderr : stdout).tell(alignText(aligned, look));
      return fitsWhole(aligned) ? 'agrees' : 'diverges';
    } catch (error) {
      if (stop.aborted) return 'interrupted';
      throw error;
    }
  });
}
