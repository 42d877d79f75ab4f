import type { Readable } from 'node:stream';
import {
  CauseTally,
  type ComparedRules,
  type ComparedStep,
  Comparison,
  type ComparisonObserver,
  type FileReport,
} from '../../../compare/index.ts';
import type { Header, TraceEvent } from '../../../format/index.ts';
import {
  isFiltered,
  isMatched,
  isSingleStep,
  type Selection,
} from '../../../report/data/select.ts';
import type { GlyphSetName } from '../../../report/drawing/glyphs.ts';
import { type Problem, TraceReader } from '../../../trace/index.ts';
import type { Source } from '../../files/paths.ts';
import { bytesOf } from '../../files/source-bytes.ts';
import { systemErrorText } from '../../outcome/errors.ts';
import type { TextOutput } from '../../streams/output.ts';
import type { ProblemPrinter } from '../../streams/problems.ts';
import type { ComparedGraph } from './graph.ts';
import type { ComparedPage } from './page.ts';
import {
  type ComparedHead,
  type CompareOptions,
  headText,
  type ShownDifferences,
  stepText,
  tailText,
} from './text.ts';

/** Bytes that are compared before output is flushed. */
const PIECE_BYTES = 64 * 1024;

/** How files are compared, the same for all of them. */
export interface CompareFileOptions {
  readonly rules: ComparedRules;
  readonly report: CompareOptions;
  readonly selection: Pick<Selection, 'range' | 'only'>;
  /** Which steps that part are shown: the first of each cause, all, or none. */
  readonly steps: 'first' | 'all' | 'none';
  /** Nothing is told of a file but its problems. */
  readonly quiet: boolean;
  /** What lanes are drawn with, beside the steps up to where the sets part; null: none are. */
  readonly glyphs: GlyphSetName | null;
  /** Where text for people goes. */
  readonly stdout: TextOutput;
  /** The page that is made besides; null: none is. */
  readonly page: ComparedPage | null;
  readonly stdin: Readable;
}

/** One file on its way from the reader through both worlds to the report. */
class FileRun implements ComparisonObserver {
  readonly #source: Source;
  readonly #options: CompareFileOptions;
  readonly #problems: ProblemPrinter;
  readonly #tally: CauseTally;
  readonly #comparison: Comparison;
  #head: ComparedHead | null = null;
  /** Causes that were shown at a step. */
  readonly #shown = new Set<string>();
  #matched = 0;

  /** @param graph takes the steps instead of telling those that part; null: none does */
  constructor(
    source: Source,
    options: CompareFileOptions,
    problems: ProblemPrinter,
    readonly graph: ComparedGraph | null,
  ) {
    this.#source = source;
    this.#options = options;
    this.#problems = problems;
    this.#tally = new CauseTally(source.path);
    const records = graph !== null || options.page !== null;
    this.#comparison = new Comparison(source.path, options.rules, this, records);
  }

  header(header: Header, line: number): void {
    this.#comparison.header(header, line);
  }

  /** After a problem the file is only read on: what follows would be compared in a wrong state. */
  event(event: TraceEvent, line: number): void {
    if (this.#problems.count === 0) this.#comparison.event(event, line);
  }

  problem(problem: Problem): void {
    this.#problems.add(problem);
    this.#options.page?.problem(problem);
  }

  /** The file as such cannot be read. */
  fail(what: string): void {
    this.#problems.addFile(what);
    this.#options.page?.problem({ line: null, column: null, what, allowed: null });
  }

  start({ path, header }: Parameters<ComparisonObserver['start']>[0]): void {
    const { quiet, stdout, report } = this.#options;
    this.#head = { path, stdin: this.#source.stdin, title: header.title ?? null };
    if (quiet) return;
    stdout.separate();
    stdout.tell(headText(this.#head, report));
  }

  step(step: ComparedStep): void {
    const { selection, quiet, stdout, report } = this.#options;
    this.#tally.add(step);
    const matched = isMatched(step, selection);
    this.graph?.add(step, matched);
    this.#options.page?.add(step, matched);
    if (!matched) return;
    this.#matched++;
    if (this.#head === null || quiet || this.graph !== null) return;
    const text = stepText(this.#head, step, this.#shownOf(step), report);
    if (text === '') return;
    stdout.separate();
    stdout.tell(text);
  }

  /** What is shown of a step; of a single one that is asked for, all. */
  #shownOf({ partings, following }: ComparedStep): ShownDifferences {
    const { steps, selection } = this.#options;
    if (steps === 'none') return { partings: [], following: [] };
    const shown = partings.filter(({ cause }) => steps === 'all' || !this.#shown.has(cause));
    for (const { cause } of shown) this.#shown.add(cause);
    return { partings: shown, following: isSingleStep(selection.range) ? following : [] };
  }

  end(): FileReport {
    const { path } = this.#source;
    const result = this.#head === null ? null : this.#comparison.end();
    const { quiet, steps, selection, stdout, report } = this.#options;
    const causes = this.#tally.counts;
    const file = { path, result, causes, matched: this.#matched, problems: this.#problems.count };
    const repeats = steps === 'first' && !isFiltered(selection) && this.graph === null;
    if (this.#head !== null) for (const part of this.graph?.text() ?? []) stdout.write(part);
    if (!quiet && this.#head !== null) stdout.tell(tailText(file, repeats, report));
    this.#options.page?.end(file, this.#source.stdin);
    return file;
  }
}

/** Reads a source through; stops early when nobody reads the output any more. */
async function feed(source: Source, run: FileRun, options: CompareFileOptions): Promise<void> {
  const { stdin, stdout, page } = options;
  const reader = new TraceReader(source.path, run);
  for await (const chunk of bytesOf(source, source.stdin ? stdin : null)) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      reader.write(chunk.subarray(at, at + PIECE_BYTES));
      if (stdout.isFull) await stdout.flush();
      if (page?.output.isFull) await page.output.flush();
      if (stdout.error !== null) return;
    }
    if (reader.done) break;
  }
  reader.end(true);
}

/** Loaded where it is asked for: most comparisons draw nothing. */
async function graphFor({
  glyphs,
  selection,
  report,
}: CompareFileOptions): Promise<ComparedGraph | null> {
  if (glyphs === null) return null;
  const { ComparedGraph } = await import('./graph.ts');
  return new ComparedGraph(glyphs, selection, report);
}

/** Compares the rule sets on one file, printing as it goes, and reports what came of it. */
export async function compareFile(
  source: Source,
  options: CompareFileOptions,
  problems: ProblemPrinter,
): Promise<FileReport> {
  const run = new FileRun(source, options, problems, await graphFor(options));
  try {
    await feed(source, run, options);
  } catch (error) {
    run.fail(`cannot be read: ${systemErrorText(error)}`);
  }
  return run.end();
}
