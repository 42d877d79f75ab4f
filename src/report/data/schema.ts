import { z } from 'zod';
import { eventSchema, severity, type TraceEvent } from '../../format/index.ts';
import type { Value } from '../../replay/result.ts';
import { REPORT_SCHEMA_VERSION } from './schema-version.ts';

// By names, or else the declarations of this file would spell out every event again and again.
export interface ValueSchema extends z.ZodType<Value> {}
export interface EventSchema extends z.ZodType<TraceEvent> {}

export const value: ValueSchema = z
  .union([
    z.null(),
    z.boolean(),
    z.number(),
    z.string(),
    z.array(z.lazy(() => value)),
    z.record(
      z.string(),
      z.lazy(() => value),
    ),
  ])
  .meta({ id: 'value' });
export const event: EventSchema = eventSchema.describe('without its expectation');
export const count = z.int().min(0);
export const position = z.int().min(1);

export const decider = z.object({
  fn: z.string().describe("HAProxy's function"),
  file: z.string().describe("HAProxy's file"),
  rule: z.string().describe('stable id of the rule'),
  says: z.string().describe('the rule in one sentence, about the objects that it was applied to'),
});

const decision = decider.extend({
  operands: z
    .array(value)
    .describe('what it was about, then what it looked at: values, or objects by kind and id'),
  evidence: z
    .literal('read')
    .optional()
    .describe('no recording of HAProxy has exercised the rule; absent where one has'),
});

const candidate = decider.extend({
  kind: z.enum(['conn', 'sess', 'srv']),
  id: z.string(),
});

const trailStep = z.object({
  number: position,
  line: position,
  event,
});

export const subject = z.object({ kind: z.enum(['conn', 'sess', 'srv', 'event']), id: z.string() });

const divergence = z.object({
  kind: z.enum(['field', 'impossible']).describe('impossible: the model cannot take the event'),
  subject,
  field: z.string().describe('dotted place below expect; event when impossible'),
  expected: value,
  actual: value,
  decidedBy: decider
    .nullable()
    .describe('the rule that made the field what it is at this step; null: none did'),
  candidates: z
    .array(candidate)
    .optional()
    .describe('whom the search passed over that it came of, and by which rules'),
  follows: position
    .nullable()
    .default(null)
    .describe(
      'the step that it merely follows from; null: a first cause, and all are where it is absent, ' +
        'as in reports of earlier versions',
    ),
  followsFrom: position.nullable().describe('the same as follows'),
  trail: z.array(trailStep).describe('earlier steps that touched the subject, oldest first'),
});

const outcome = z.object({
  kind: z.enum(['done', 'crash', 'abort', 'impossible']),
  calls: z.array(z.string()).describe('ownership functions called, in order'),
  ret: z.union([z.string(), z.int()]).nullable(),
  reused: z.boolean().nullable(),
  conn: z.string().nullable(),
  target: z.string().nullable().optional().describe('assign_server only'),
  crash: z.string().nullable(),
  abort: z.string().optional().describe('function whose own assertion ended the program'),
  condition: z.string().optional().describe('what was the case there and must not be'),
  impossible: z.string().nullable(),
  broken: z.array(z.string()).describe('names of the invariants that the step broke'),
});

const bySeverity = z.object({ crash: count, broken: count, hint: count });

const finding = z.object({
  invariant: z
    .string()
    .describe(
      'name of the promise that the step broke; no-crash for a crash, no-abort for an abort',
    ),
  severity: severity
    .optional()
    .describe('how bad it is; absent in reports of earlier versions, which have broken ones only'),
  subject,
  says: z.string().describe('what is wrong, in one sentence'),
  source: z.string().describe('where the promise comes from'),
  stated: z.boolean().describe("the event's expect.broken names it"),
});

const stepSchema = z.object({
  number: position.describe('1 for the first event of the trace'),
  line: position,
  event,
  outcome,
  divergences: z
    .array(divergence)
    .describe('the first causes at this step; with allDivergences, or of a single step, all'),
  followers: count.describe('divergences at this step that follow from an earlier one'),
  findings: z.array(finding).optional().describe('invariants that the step broke'),
  decisions: z.array(decision).optional().describe('with --explain'),
});

export const problem = z.object({
  line: position.nullable().describe('null: the file as a whole'),
  column: position.nullable().describe('in UTF-16 code units'),
  what: z.string(),
  allowed: z.string().nullable(),
});

const fileSchema = z.object({
  index: count.describe('place in the run, from 0; a shard keeps the places of the whole run'),
  path: z.string(),
  stdin: z.boolean(),
  title: z.string().nullable(),
  rules: z.string().nullable().describe('the rule set that judged it; null without a header'),
  verdict: z.enum(['agrees', 'diverges', 'not-judged']),
  steps: count.describe('steps replayed'),
  divergences: count.describe('first causes'),
  followers: count.describe('divergences that merely follow from a first cause'),
  divergingSteps: count.describe('steps with at least one divergence'),
  findings: count.describe('broken invariants'),
  unstatedFindings: count.describe('those of them that the trace does not state'),
  unstatedBy: bySeverity.optional().describe('the same by severity'),
  crash: z.string().nullable().describe('function of the crash that ended the trace'),
  abort: z.string().optional().describe('function of the abort that ended it'),
  unrecorded: z
    .array(z.string())
    .optional()
    .describe('rules that the verdict rests on and no recording of HAProxy has exercised'),
  matched: count.nullable().describe('steps within --range and --only; null without them'),
  hidden: count.describe('first causes outside --range and --only, which are not reported'),
  reached: z.record(z.string(), count).optional().describe('with --coverage: by rule id'),
  problemCount: count,
  problems: z.array(problem).describe('the first of them'),
  reported: z.array(stepSchema).describe('steps with a first cause or an unstated finding'),
  omitted: count.describe('such steps beyond the reported ones'),
  folds: z
    .array(z.object({ from: position, divergences: count, steps: count }))
    .describe('how many divergences at how many later steps follow from a step'),
  moreFolds: z.object({ divergences: count, steps: count }),
});

const totals = z.object({
  files: count,
  steps: count,
  divergences: count.describe('first causes'),
  followers: count,
  divergingFiles: count,
  unjudged: count.describe('files that could not be judged to their end'),
  unread: count.describe('paths that stand for no file'),
  crashes: count,
  aborts: count.optional().describe('absent: none'),
  matched: count,
  findings: count.describe('broken invariants'),
  unstatedFindings: count.describe('those of them that no trace states'),
  unstatedBy: bySeverity.optional().describe('the same by severity'),
  unrecorded: z
    .record(z.string(), z.array(z.string()))
    .optional()
    .describe('rules that verdicts rest on and no recording of HAProxy has exercised, by rule set'),
  reached: z
    .record(z.string(), z.record(z.string(), count))
    .optional()
    .describe('with --coverage: by rule set and rule id'),
});

/** A whole run as one value: what every reporter is made of, and what `--reporter json` writes. */
export const reportSchema = z.object({
  report: z.literal('haproxy-ownership-replay'),
  schemaVersion: z.literal(REPORT_SCHEMA_VERSION),
  version: z.string().describe('version of the program'),
  options: z.object({
    rules: z.string().nullable().describe('rule set given instead of that of each trace'),
    range: z.object({ first: position, last: position.nullable() }).nullable(),
    only: z.array(z.string()).nullable(),
    strict: z.boolean().describe('findings count as divergences'),
    severities: z
      .array(severity)
      .optional()
      .describe('where strict, the findings that count; absent: all of them'),
    invariants: z.array(z.string()).nullable().describe('watched; null: those promised'),
    allDivergences: z.literal(true).optional().describe('steps hold what follows as well'),
    explain: z.literal(true).optional().describe('steps hold the decisions that led to them'),
  }),
  shards: z
    .object({ count: position, indexes: z.array(position) })
    .nullable()
    .describe('the shards of the run that are contained, from 1; null: the whole run'),
  outcome: z.string().describe('how the run ended, by name'),
  exitCode: z.int().min(0).max(2),
  totals,
  unread: z.array(z.object({ path: z.string(), what: z.string() })),
  files: z.array(fileSchema).describe('in the order of the run'),
});

/** All of a value that can be read and none that can be written. */
export type ReadOnly<T> = [Value] extends [T]
  ? T
  : [TraceEvent] extends [T]
    ? T
    : T extends object
      ? { readonly [Key in keyof T]: ReadOnly<T[Key]> }
      : T;

/** A whole run as one value. */
export type Report = ReadOnly<z.infer<typeof reportSchema>>;
/** The files of a run in their order; they need not all be in memory. */
export interface ReportFiles extends Iterable<ReportFile> {
  readonly length: number;
  /** The file at a place; quick for one that follows the last one. */
  at(place: number): ReportFile | undefined;
}
/** A whole run as it is told: its files may be many. */
export type ToldReport = Omit<Report, 'files'> & { readonly files: ReportFiles };
/** One replayed file. */
export type ReportFile = ReadOnly<z.infer<typeof fileSchema>>;
/** A step that is worth reporting. */
export type ReportStep = ReadOnly<z.infer<typeof stepSchema>>;
/** A first cause. */
export type ReportDivergence = ReadOnly<z.infer<typeof divergence>>;
/** A broken invariant. */
export type ReportFinding = ReadOnly<z.infer<typeof finding>>;
/** Something wrong with a file. */
export type ReportProblem = ReadOnly<z.infer<typeof problem>>;
