import type { ToldReport } from '../data/schema.ts';
import { jsonParts } from './json-parts.ts';

/** The reporter `json`: the report itself; its schema is printed by `replay schema report`. */
export function* json(report: ToldReport): Generator<string> {
  yield* jsonParts(report);
  yield '\n';
}
