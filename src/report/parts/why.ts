import type { StepDecision } from '../../replay/result.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { flow, glue, sentence, type Text, text } from '../text/layout.ts';
import type { ReportOptions } from '../text/report-options.ts';

/** How wide, and in which colours. */
type Look = Pick<ReportOptions, 'width' | 'palette'>;

/** Rule ids end at this column at the latest: on a wide terminal the eye would lose the line. */
const WIDTH_MAX = 100;
/** A function's sentences stand further in than its name, and go on further in than they begin. */
const STEP_COLUMNS = 2;

/** Decisions that follow one another in the same function. */
interface Group {
  readonly fn: string;
  readonly file: string;
  readonly decisions: StepDecision[];
}

function groups(decisions: readonly StepDecision[]): Group[] {
  const all: Group[] = [];
  for (const decision of decisions) {
    const { fn, file } = decision;
    const last = all.at(-1);
    if (last !== undefined && last.fn === fn) last.decisions.push(decision);
    else all.push({ fn, file, decisions: [decision] });
  }
  return all;
}

/** Two texts on a line, the second at its right end; on a line of its own where it has no room. */
function spread(left: string, leftColumns: number, right: Text, width: number): string[] {
  const spaces = width - leftColumns - right.columns;
  if (spaces >= 2) return [`${left}${' '.repeat(spaces)}${right.painted}`];
  return [left, `${' '.repeat(Math.max(0, width - right.columns))}${right.painted}`];
}

/** A sentence over as many lines as it takes, and the id of its rule at the right of the last. */
function sentenceLines(decision: StepDecision, indent: number, options: Look): string[] {
  const { palette } = options;
  const width = Math.min(options.width, WIDTH_MAX);
  const words = sentence(escapeControl(decision.says));
  const layout = { width, indent: indent + STEP_COLUMNS, gap: 1 };
  const lines = flow(text(' '.repeat(indent)), words, layout).split('\n');
  const last = lines.pop() ?? '';
  const rule = text(decision.rule, palette.faint);
  const id = decision.evidence === 'read' ? glue(rule, text(' (read)', palette.warn)) : rule;
  return [...lines, ...spread(last, text(last).columns, id, width)];
}

/**
 * The decisions of a step in order, below the names of the functions that took them: each as a
 * sentence, with the id of its rule at the right, marked `(read)` where no recording of HAProxy has
 * exercised it.
 *
 * @param lead what stands before the first function's name; the others stand below that one
 * @param indent columns of the lead
 */
export function whyLines(decisions: readonly StepDecision[], lead: Text, options: Look): string[] {
  const { palette } = options;
  const width = Math.min(options.width, WIDTH_MAX);
  const indent = Math.min(lead.columns, Math.floor(options.width / 2));
  const lines: string[] = [];
  const filesShown = new Set<string>();
  for (const [index, group] of groups(decisions).entries()) {
    const margin = index === 0 ? lead : text(' '.repeat(indent));
    const name = glue(margin, text(group.fn, palette.strong));
    const file = filesShown.has(group.fn) ? text('') : text(group.file, palette.faint);
    filesShown.add(group.fn);
    const head =
      file.columns === 0 ? [name.painted] : spread(name.painted, name.columns, file, width);
    lines.push(...head);
    for (const decision of group.decisions) {
      lines.push(...sentenceLines(decision, indent + STEP_COLUMNS, options));
    }
  }
  return lines;
}
