import { allRules } from '../engine/objects/rule.ts';
import { findRuleSet } from '../engine/rule-sets/index.ts';
import { TRACE_FORMAT, WORLD_FORMAT, type WorldDefinition, worldSchema } from '../format/index.ts';
import { unknownRuleSet } from '../replay/rule-set-name.ts';
import { checkNames } from '../trace/check/declarations.ts';
import { explain } from '../trace/check/explain.ts';
import { objectShapeOf } from '../trace/check/shape.ts';
import type { Problem } from '../trace/text/problem.ts';
import { Place, scan } from '../trace/text/scanner.ts';
import { suggest } from '../trace/text/suggest.ts';
import { describeValue, type Issue, type Path, quote } from '../trace/text/wording.ts';
import { checkLimits } from './limits.ts';

/** A world file, read. */
export interface ReadWorld {
  /** Null when anything is wrong with it. */
  readonly world: WorldDefinition | null;
  readonly problems: readonly Problem[];
}

const SHAPE = objectShapeOf(worldSchema);
const ALLOWED = `a world is one JSON object, {"world":"${WORLD_FORMAT}", …}`;

/**
 * Reads a world: validates it against the schema and against what the schema cannot say. No input
 * makes it throw.
 *
 * @param path names the file in problems
 * @param bytes of the file, decoded
 */
export function readWorld(path: string, bytes: string): ReadWorld {
  // A byte order mark is no part of the text.
  const text = bytes.replace(/^\ufeff/, '');
  const lines = lineStarts(text);
  const problem = (offset: number, what: string, allowed: string | null): Problem => {
    const line = lines.findLastIndex((start) => start <= offset);
    return { path, line: line + 1, column: offset - (lines[line] ?? 0) + 1, what, allowed };
  };
  const first = scan(text);
  if (first.syntax !== null) {
    const { offset, what, allowed } = first.syntax;
    const empty = text.trim() === '';
    return {
      world: null,
      problems: [problem(offset, empty ? 'the file is empty' : what, empty ? ALLOWED : allowed)],
    };
  }
  const value: unknown = JSON.parse(text);
  const issues = issuesOf(value);
  const wanted = new Place();
  const places = issues.map(({ path: at }) => wanted.at(at));
  scan(text, wanted);
  const problems = issues.map(({ on, what, allowed }, at) => {
    const place = places[at];
    const offset = (on === 'key' ? place?.keyAt : place?.valueAt) ?? -1;
    return problem(Math.max(offset, 0), what, allowed);
  });
  for (const { key, first: at, again } of first.duplicates) {
    const before = problem(at, '', null);
    const allowed = `it stands at ${before.line}:${before.column} already`;
    problems.push(problem(again, `the key ${quote(key)} stands twice in one object`, allowed));
  }
  problems.sort((one, other) => one.line - other.line || one.column - other.column);
  return { world: problems.length === 0 ? (value as WorldDefinition) : null, problems };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function issuesOf(value: unknown): readonly Issue[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const what = `the world is ${describeValue(value)}`;
    return [{ path: [], on: 'value', what, allowed: ALLOWED }];
  }
  const issues = explain(SHAPE, value, 'the world');
  if (issues.length > 0) return issues;
  // The shape was derived from the schema that the type is inferred from.
  return checkWorld(value as WorldDefinition);
}

/** What is wrong with a world that the schema cannot say: names, and what cannot be meant. */
export function checkWorld(world: WorldDefinition): readonly Issue[] {
  const issues = [...checkNames({ trace: TRACE_FORMAT, config: world.config })];
  const add = (path: Path, what: string, allowed: string): void => {
    issues.push({ path, on: 'value', what, allowed });
  };
  const { rules, config } = world;
  if (rules !== undefined && findRuleSet(rules) === undefined) {
    issues.push(unknownRuleSet(rules));
  }
  const frontends = Object.keys(config.frontends ?? {});
  const targets = [...Object.keys(config.servers ?? {}), ...Object.keys(config.backends ?? {})];
  if (frontends.length === 0 || targets.length === 0) {
    const lacks = frontends.length === 0 ? 'frontend' : 'backend';
    add(['config'], `the world is empty: it has no ${lacks}`, `declare one under config.${lacks}s`);
  }
  checkRuleIds(world.sometimes ?? [], add);
  checkLimits(world, frontends, targets, add);
  return issues;
}

function checkRuleIds(ids: readonly string[], add: (p: Path, w: string, a: string) => void): void {
  const known = allRules().map(({ id }) => id);
  ids.forEach((id, at) => {
    if (known.includes(id)) return;
    const meant = suggest(id, known);
    const allowed =
      meant === null ? 'replay rules --all lists them' : `did you mean ${quote(meant)}?`;
    add(['sometimes', at], `unknown rule ${quote(id)}`, allowed);
  });
}
