import { z } from 'zod';
import {
  assignExpectSchema,
  connectExpectSchema,
  connStateSchema,
  createMuxExpectSchema,
  delServerExpectSchema,
  eventSchemas,
  expectSchema,
  headerSchema,
  sessStateSchema,
  srvStateSchema,
  TRACE_FORMAT,
  WORLD_FORMAT,
  worldSchema,
} from '../format/index.ts';
import { comparedSchema } from '../report/compared/schema.ts';
import { reportSchema } from '../report/data/schema.ts';

/** What has a JSON Schema: a line of a trace, the json report of a run, that of one under many rule sets, a world to explore. */
export const SCHEMA_NAMES = ['trace', 'report', 'compare', 'world'] as const;

/** The name of a JSON Schema. */
export type SchemaName = (typeof SCHEMA_NAMES)[number];

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

const TRACE_DESCRIPTION =
  `One line of a trace in the format ${TRACE_FORMAT}: the first line is the header, every other ` +
  'line one event. What reaches over lines, such as ids that must be introduced before they are ' +
  'used, is not part of the schema.';

const REPORT_DESCRIPTION =
  'A run of replay as one value, as --reporter json writes it. Of each trace it holds the counts, ' +
  'the problems, and the steps with a first cause or with a broken invariant that the trace does ' +
  'not state; what merely follows from a first cause is counted in folds.';

const COMPARE_DESCRIPTION =
  'A run of replay compare under many rule sets as one value, as --reporter json writes it: of each ' +
  'trace what it comes to under each rule set, and where one parts from the next.';

const WORLD_DESCRIPTION =
  `A world to explore in the format ${WORLD_FORMAT}: what there is, how much of it, and what can ` +
  'happen. That names are declared before they are used is not part of the schema.';

/** Parts that are defined once and referred to, by the names of their definitions. */
const PARTS: Readonly<Record<string, z.ZodType>> = {
  header: headerSchema,
  ...eventSchemas,
  expect: expectSchema,
  assign_server_expect: assignExpectSchema,
  connect_server_expect: connectExpectSchema,
  conn_create_mux_expect: createMuxExpectSchema,
  del_server_expect: delServerExpectSchema,
  conn_state: connStateSchema,
  sess_state: sessStateSchema,
  srv_state: srvStateSchema,
};

/** Gives the parts their names, which zod looks up when it writes a schema. */
function nameParts(): void {
  for (const [id, schema] of Object.entries(PARTS)) {
    z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
  }
}

function traceSchema(): object {
  const line = z.union([headerSchema, ...Object.values(eventSchemas)]);
  const { $defs } = z.toJSONSchema(line, { io: 'input' });
  const lines = ['header', ...Object.keys(eventSchemas)];
  return {
    $schema: DIALECT,
    title: TRACE_FORMAT,
    description: TRACE_DESCRIPTION,
    // No line is two of them: only a header has `trace`, and every event has its own name.
    oneOf: lines.map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs,
  };
}

function runSchema(): object {
  // As input, because readers have to take keys that later versions add.
  const { $schema, ...schema } = z.toJSONSchema(reportSchema, { io: 'input' });
  return { $schema, title: 'replay report', description: REPORT_DESCRIPTION, ...schema };
}

function manySchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(comparedSchema, { io: 'input' });
  return { $schema, title: 'replay compare report', description: COMPARE_DESCRIPTION, ...schema };
}

function exploredSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(worldSchema, { io: 'input' });
  return { $schema, title: WORLD_FORMAT, description: WORLD_DESCRIPTION, ...schema };
}

const SCHEMAS: Readonly<Record<SchemaName, () => object>> = {
  trace: traceSchema,
  report: runSchema,
  compare: manySchema,
  world: exploredSchema,
};

/**
 * The JSON Schema (draft 2020-12) of a line of a trace, of a report, of one under many rule sets, or of a world, as
 * text.
 * Generated from the zod schemas that this program reads with.
 */
export function schemaText(name: SchemaName): string {
  nameParts();
  return `${JSON.stringify(SCHEMAS[name](), null, 2)}\n`;
}
