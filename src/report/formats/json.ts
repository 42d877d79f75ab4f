import { jsonText } from '../../trace/text/escape.ts';
import type { Report } from '../data/schema.ts';

/** The reporter `json`: the report itself; its schema is printed by `replay schema report`. */
export function json(report: Report): string {
  return `${jsonText(report, 2)}\n`;
}
