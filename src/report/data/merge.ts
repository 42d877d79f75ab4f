import { totalsOf } from './run.ts';
import type { Report, ReportFile } from './schema.ts';

/** A report with the name that it is told by. */
export interface NamedReport {
  /** As given on the command line. */
  readonly name: string;
  readonly report: Report;
}

/** What reports come to together; how the run ended is for the caller to judge. */
export interface MergedRun {
  readonly options: Report['options'];
  readonly version: string;
  /** The shards that are contained; null: the whole run. */
  readonly shards: Report['shards'];
  readonly totals: Report['totals'];
  readonly unread: Report['unread'];
  readonly files: readonly ReportFile[];
}

/** Why reports do not belong together, and by which of them it shows. */
export interface MergeProblem {
  readonly name: string;
  readonly what: string;
}

/** Reports of one run have the same version and options, and are all shards or all whole. */
function foreignPart({ name, report }: NamedReport, first: NamedReport): MergeProblem | null {
  const { version, options, shards } = report;
  if (version !== first.report.version) {
    const theirs = first.report.version;
    return { name, what: `made by version ${version}, ${first.name} by ${theirs}` };
  }
  if (JSON.stringify(options) !== JSON.stringify(first.report.options)) {
    return { name, what: `its run had other options than that of ${first.name}` };
  }
  const { shards: others } = first.report;
  if ((shards === null) !== (others === null)) {
    const [whole, part] = shards === null ? ['this', first.name] : [first.name, 'this'];
    return { name, what: `${whole} is the report of a whole run, ${part} of a shard` };
  }
  if (shards !== null && others !== null && shards.count !== others.count) {
    const what = `a shard of ${shards.count}, ${first.name} is one of ${others.count}`;
    return { name, what };
  }
  return null;
}

/** The shards of all reports together; null for whole runs and for a complete one. */
function joinShards(reports: readonly NamedReport[]): Report['shards'] {
  const count = reports[0]?.report.shards?.count;
  if (count === undefined) return null;
  const indexes = reports.flatMap(({ report }) => report.shards?.indexes ?? []);
  indexes.sort((one, other) => one - other);
  return indexes.length === count ? null : { count, indexes };
}

function joinUnread(reports: readonly NamedReport[]): Report['unread'] {
  // Every shard looks at all paths, so each tells the same ones.
  const unread = new Map<string, Report['unread'][number]>();
  for (const { report } of reports) {
    for (const each of report.unread) {
      const key = JSON.stringify([each.path, each.what]);
      if (!unread.has(key)) unread.set(key, each);
    }
  }
  return [...unread.values()];
}

/** Where something is that two reports must not both contain. */
class Seen {
  readonly #names = new Map<string, string>();

  /** @returns what is wrong when another report, or the same one, has it already */
  add(key: string, what: string, name: string): MergeProblem | null {
    const other = this.#names.get(key);
    this.#names.set(key, name);
    if (other === undefined) return null;
    const where = other === name ? 'twice in this report' : `in this report and in ${other}`;
    return { name, what: `${what} is ${where}` };
  }
}

function duplicate(reports: readonly NamedReport[]): MergeProblem | null {
  const seen = new Seen();
  for (const { name, report } of reports) {
    for (const index of report.shards?.indexes ?? []) {
      const what = `shard ${index}/${report.shards?.count ?? index}`;
      const problem = seen.add(`shard ${index}`, what, name);
      if (problem !== null) return problem;
    }
    for (const { path, index } of report.files) {
      const place = report.shards === null ? null : seen.add(`at ${index}`, `file ${index}`, name);
      const problem = seen.add(`file ${path}`, `the trace ${path}`, name) ?? place;
      if (problem !== null) return problem;
    }
  }
  return null;
}

/** Files of shards in the order of the run; those of whole runs one run after the other. */
function joinFiles(reports: readonly NamedReport[]): ReportFile[] {
  const files = reports.flatMap(({ report }) => report.files);
  if (reports[0]?.report.shards !== null) {
    return files.sort((one, other) => one.index - other.index);
  }
  return files.map((file, index) => ({ ...file, index }));
}

/**
 * Joins the reports of all shards of a run to what the run would have reported as a whole, or the
 * reports of whole runs over different files to one.
 */
export function mergeReports(reports: readonly NamedReport[]): MergedRun | MergeProblem {
  const [first, ...others] = reports;
  if (first === undefined) throw new Error('nothing to merge');
  for (const other of others) {
    const problem = foreignPart(other, first);
    if (problem !== null) return problem;
  }
  const problem = duplicate(reports);
  if (problem !== null) return problem;
  const files = joinFiles(reports);
  const unread = joinUnread(reports);
  const { version, options } = first.report;
  return {
    version,
    options,
    shards: joinShards(reports),
    totals: totalsOf(files, unread),
    unread,
    files,
  };
}
