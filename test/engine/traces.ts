import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { World } from '../../src/engine/objects/world.ts';
import { findRuleSet, type RuleSet } from '../../src/engine/rule-sets/index.ts';
import type { Header, TraceEvent } from '../../src/format/index.ts';

/** Recordings of the real program, next to the repository; not everybody has them. */
export const RECORDINGS = new URL('../../../shared/recordings/', import.meta.url);
/** The traces of the repository. */
export const CORPUS = new URL('../../traces/', import.meta.url);

export interface Trace {
  readonly name: string;
  readonly header: Header;
  readonly events: readonly TraceEvent[];
}

/** Paths of all traces below a folder, in order; none when the folder is absent. */
export function tracesBelow(folder: URL): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.jsonl'))
    .sort();
}

/** What was read already, by whatever test file of this process. */
const read = new Map<string, Trace>();

/** Reads a trace that is known to be valid, once for all tests. */
export function readValid(folder: URL, name: string): Trace {
  const url = new URL(name, folder);
  const known = read.get(url.href);
  if (known !== undefined) return known;
  const lines = readFileSync(url, 'utf8').split('\n');
  const [header, ...events] = lines.filter((line) => line.trim() !== '').map((l) => JSON.parse(l));
  const trace = { name, header, events };
  read.set(url.href, trace);
  return trace;
}

/** The world in which a trace begins. */
export function worldOf({ name, header }: Trace): World {
  const rules: RuleSet | undefined = findRuleSet(header.rules ?? '08016ab82');
  if (!rules) throw new Error(`${name} names unknown rules`);
  return new World(header.config ?? {}, rules);
}
