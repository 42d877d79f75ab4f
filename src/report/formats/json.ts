import type { Report } from '../data/schema.ts';

/** The reporter `json`: the report itself; its schema is printed by `replay schema report`. */
export function json(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
