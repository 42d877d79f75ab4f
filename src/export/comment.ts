import { ReleasesComparison, type Row } from '../compare/releases/index.ts';
import { INVARIANTS } from '../engine/invariants/index.ts';
import { RULE_SETS, type RuleSet } from '../engine/rule-sets/index.ts';
import { type Config, TRACE_FORMAT } from '../format/index.ts';
import { BUGS, setsWith } from '../history/index.ts';
import type { Course } from './course/realise.ts';

/** What a trace shows under one rule set, as far as anything is wrong with it. */
interface Fault {
  readonly name: string;
  /** A test sees it: it fails where it is. */
  readonly isSeen: boolean;
  readonly says: string;
  readonly isIn: (row: Row) => boolean;
}

/** The rows of a trace under every rule set, by the inputs that a script gives. */
function rowsOf(course: Course): readonly Row[] {
  const comparison = new ReleasesComparison('', RULE_SETS);
  const config: Config = course.config;
  comparison.header({ trace: TRACE_FORMAT, config });
  for (const [at, event] of course.inputs.entries()) comparison.event(event, at + 2);
  return comparison.end().rows;
}

function faultOf(row: Row): Fault | null {
  const { end } = row;
  if (end !== null) {
    const how = end.kind === 'crash' ? 'dies' : 'ends itself by an assertion';
    return {
      isSeen: true,
      name: end.kind === 'crash' ? 'no-crash' : 'no-abort',
      says: `HAProxy ${how} in ${end.fn}() at the last step of this test.`,
      isIn: (other) => other.end?.kind === end.kind && other.end.fn === end.fn,
    };
  }
  const broken = row.broken.find(({ name }) => name !== 'impossible-input');
  if (broken === undefined) return null;
  const promise = INVARIANTS.find(({ name }) => name === broken.name);
  return {
    isSeen: false,
    name: broken.name,
    says: `HAProxy lives and this test passes, though what must always hold does not any more: ${promise?.says ?? broken.name}`,
    isIn: (other) => other.broken.some(({ name }) => name === broken.name),
  };
}

/** Since when and until when, by the rule sets around one that has a fault. */
function spanText(rows: readonly Row[], rules: RuleSet, { isIn }: Fault): string {
  const at = rows.findIndex((row) => row.rules === rules.id);
  let first = at;
  while (first > 0 && isIn(rows[first - 1] as Row)) first--;
  let last = at;
  while (last + 1 < rows.length && isIn(rows[last + 1] as Row)) last++;
  const since =
    first === 0
      ? `in ${rows[0]?.rules} already, the oldest release that is known`
      : `since ${rows[first]?.rules}, and not in ${rows[first - 1]?.rules} before it`;
  const until =
    last + 1 === rows.length
      ? `${rows.at(-1)?.rules}, the newest that is known, still has it`
      : `${rows[last + 1]?.rules} is without it`;
  return `It is there ${since}; ${until}.`;
}

/** Bugs of the history that a rule set has and that break this promise. */
function bugText(name: string, rules: RuleSet): string[] {
  const bugs = BUGS.filter(
    (bug) => bug.breaks.some((each) => each === name) && setsWith(bug).includes(rules),
  );
  const cures = [...new Set(bugs.flatMap((bug) => bug.cures))];
  if (cures.length === 0) return [];
  return [`Commits that are known to cure bugs of this kind: ${cures.join(', ')}.`];
}

/** What a script says of what it tests. */
export interface CourseComment {
  /** It is the test of a bug: it fails where that is. */
  readonly isBug: boolean;
  readonly sentences: readonly string[];
}

/** What stands on top of a script: what goes wrong, since when, and until when. */
export function courseComment(course: Course): CourseComment {
  const { rules } = course;
  const rows = rowsOf(course);
  const own = rows.find((row) => row.rules === rules.id);
  const fault = own === undefined ? null : faultOf(own);
  if (fault === null) {
    const says = `Nothing goes wrong here in ${rules.id}: it is checked which request takes which connection, and which connections are closed.`;
    return { isBug: false, sentences: [says] };
  }
  const sentences = [fault.says, spanText(rows, rules, fault), ...bugText(fault.name, rules)];
  return { isBug: fault.isSeen, sentences };
}
