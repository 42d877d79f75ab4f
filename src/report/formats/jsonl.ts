import type { WorldView } from '../../engine/view/view.ts';
import type { StepResult } from '../../replay/result.ts';
import { jsonText } from '../../trace/text/escape.ts';
import { reportDivergence } from '../data/collect.ts';
import { REPORT_SCHEMA_VERSION } from '../data/schema-version.ts';
import type { LineReporter } from './reporter.ts';

function line(type: string, value: object): string {
  return `${jsonText({ type, ...value })}\n`;
}

function stateData({ sess, conn, srv }: WorldView): object {
  return {
    sess: Object.fromEntries(sess),
    conn: Object.fromEntries(conn),
    srv: Object.fromEntries(srv),
  };
}

/** A step as JSON: the event without its expectation, what was not asked for left out. */
function stepData(step: StepResult): object {
  const { number, line, event, outcome, touches, changes, findings, decisions, state } = step;
  const { expect: _, ...bare } = event;
  return {
    number,
    line,
    event: bare,
    outcome,
    divergences: step.divergences.map(reportDivergence),
    touches: [...touches],
    ...(findings.length === 0 ? {} : { findings }),
    ...(changes.length === 0 ? {} : { changes }),
    ...(decisions.length === 0 ? {} : { decisions }),
    ...(state === undefined ? {} : { state: stateData(state) }),
  };
}

/**
 * The reporter `jsonl`, one object per line: `file` when a file begins, `step` for each step shown,
 * with all of its divergences (a report has the first causes only), its changes and its state as
 * far as they were asked for; `end` with the counts and problems of the file, `run` with those of
 * the whole run.
 */
export function jsonl(): LineReporter {
  return {
    head: (file) => line('file', { schemaVersion: REPORT_SCHEMA_VERSION, ...file }),
    step: ({ path }, step) => line('step', { path, ...stepData(step) }),
    tail: ({ reported: _, omitted: __, ...file }) => line('end', file),
    summary: ({ files: _, ...run }) => line('run', run),
  };
}
