import type { Rule } from '../../engine/objects/rule.ts';

/** The rules of one modelled function. */
export interface FunctionRules {
  readonly fn: string;
  readonly rules: readonly Rule[];
}

/** The rules of one of HAProxy's files. */
export interface FileRules {
  readonly file: string;
  readonly functions: readonly FunctionRules[];
}

function byName(one: string, other: string): number {
  return one < other ? -1 : 1;
}

/**
 * Rules by file and function, all of them by name: in which order modules declare their rules
 * depends on what a program loads first.
 */
export function byFunction(rules: readonly Rule[]): FileRules[] {
  const files = new Map<string, Map<string, Rule[]>>();
  for (const rule of rules) {
    const functions = files.get(rule.file) ?? new Map<string, Rule[]>();
    files.set(rule.file, functions);
    functions.set(rule.fn, [...(functions.get(rule.fn) ?? []), rule]);
  }
  const ofFile = (functions: ReadonlyMap<string, readonly Rule[]>): FunctionRules[] =>
    [...functions]
      .sort(([one], [other]) => byName(one, other))
      .map(([fn, own]) => ({ fn, rules: own.toSorted((a, b) => byName(a.id, b.id)) }));
  return [...files]
    .sort(([one], [other]) => byName(one, other))
    .map(([file, functions]) => ({ file, functions: ofFile(functions) }));
}
