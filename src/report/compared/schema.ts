import { z } from 'zod';
import {
  count,
  decider,
  event,
  position,
  problem,
  type ReadOnly,
  subject,
  value,
} from '../data/schema.ts';
import { REPORT_SCHEMA_VERSION } from '../data/schema-version.ts';

const place = { number: position.describe('1 for the first event'), line: position, event };

const difference = z
  .object({
    subject,
    field: z.string().describe('dotted place below expect, or what the event gives back'),
    expected: value,
    actual: value,
  })
  .describe('expected of a trace, actual of a rule set; or of the older and the younger of two');

const commit = z.object({ id: z.string(), date: z.string().describe('YYYY-MM-DD') });

const row = z.object({
  rules: z.string(),
  verdict: z
    .enum(['agrees', 'diverges', 'impossible', 'ends', 'silent'])
    .describe(
      'ends: the program ends, of which the trace says nothing; silent: the trace expects nothing',
    ),
  divergence: z
    .object({ ...place, difference, decidedBy: decider.nullable() })
    .nullable()
    .describe('the first step that is not as the trace expects'),
  end: z
    .object({
      ...place,
      kind: z.enum(['crash', 'abort']),
      fn: z.string().describe("HAProxy's function"),
      isStated: z.boolean().describe('the trace expects an end there'),
    })
    .nullable(),
  broken: z
    .array(z.object({ name: z.string(), number: position }))
    .describe('promises of the rule set, each with the first step that broke it'),
});

const side = z.object({
  rule: z.string().describe('id of the rule; crash in F, abort in F, impossible or none'),
  fn: z.string().nullable().describe("HAProxy's function"),
  file: z.string().nullable().describe("HAProxy's file"),
  says: z.string().describe('in one sentence, about the objects at hand'),
  means: z.string().describe('the same in general'),
});

const parting = z.object({
  cause: z.string().describe('the same wherever it shows'),
  kind: z
    .enum(['rules', 'state'])
    .describe('rules: one of the decisions exists under one of the rule sets only'),
  from: side,
  to: side,
  differences: z.array(difference),
});

const parted = z.object({
  ...place,
  parting,
  commits: z.array(commit).describe('that brought or took one of the rules'),
  near: z.array(commit).describe('without any: those that changed the functions that decided'),
  steps: position.describe('at how many steps the cause shows'),
});

const untold = z.object({ ...place, differences: z.array(difference) });

const pair = { from: z.string(), to: z.string() };

const file = z.object({
  index: count.describe('place in the run, from 0'),
  path: z.string(),
  stdin: z.boolean(),
  title: z.string().nullable(),
  verdict: z.enum(['agrees', 'differs', 'not-judged']).describe('differs: any two neighbours do'),
  steps: count,
  rows: z.array(row).describe('one for each rule set, in their order; none without a header'),
  neighbours: z.array(
    z.object({
      ...pair,
      differing: count.describe('steps that come out differently'),
      places: z.array(parted).describe('the first step of each cause'),
      untold: untold.nullable().describe('the first step that differs, where no rule tells why'),
    }),
  ),
  problemCount: count,
  problems: z.array(problem).describe('the first of them'),
});

const shown = { path: z.string(), steps: count, files: count };

const totals = z.object({
  files: count,
  steps: count,
  differing: count.describe('files in which any two neighbours differ'),
  unjudged: count.describe('files that could not be judged to their end'),
  unread: count.describe('paths that stand for no file'),
  unrecorded: z
    .record(z.string(), z.array(z.string()))
    .optional()
    .describe('rules that this rests on and no recording of HAProxy has exercised, by rule set'),
  releases: z.array(
    z.object({
      rules: z.string(),
      agrees: count,
      diverges: count,
      impossible: count,
      ends: count,
      silent: count,
      crashes: count.describe('files in which the program crashes, whether they say so or not'),
      aborts: count,
      broken: count.describe('files in which a promise is broken'),
    }),
  ),
  neighbours: z.array(
    z.object({
      ...pair,
      files: count.describe('files in which they differ'),
      causes: z
        .array(z.object({ ...shown, first: parted }))
        .describe('most frequent first, with the first place of the run'),
      untold: z.object({ ...shown, first: untold }).nullable(),
    }),
  ),
});

/** A run of `replay compare --rules` as one value, as `--reporter json` writes it. */
export const comparedSchema = z.object({
  report: z.literal('haproxy-ownership-compare'),
  schemaVersion: z.literal(REPORT_SCHEMA_VERSION),
  version: z.string().describe('version of the program'),
  options: z.object({ rules: z.array(z.string()).describe('the rule sets, oldest first') }),
  outcome: z.string().describe('how the run ended, by name'),
  exitCode: z.int().min(0).max(2),
  totals,
  unread: z.array(z.object({ path: z.string(), what: z.string() })),
  files: z.array(file).describe('in the order of the run'),
});

/** A run under many rule sets as one value. */
export type Compared = ReadOnly<z.infer<typeof comparedSchema>>;
/** One trace under many rule sets. */
export type ComparedFile = Compared['files'][number];
/** What came of a trace under one rule set. */
export type ComparedRow = ComparedFile['rows'][number];
/** Two rule sets that follow one another. */
export type ComparedPair = ComparedFile['neighbours'][number];
/** The first step at which they part by a cause. */
export type ComparedPlace = ComparedPair['places'][number];
/** A whole run as it is told: its files may be many. */
export type ToldCompared = Omit<Compared, 'files'> & { readonly files: Iterable<ComparedFile> };
