import type { ComparedStep, FileReport } from '../../../compare/index.ts';
import { PictureBuilder } from '../../../picture/index.ts';
import type { Selection } from '../../../report/data/select.ts';
import { againOf } from '../../../report/page/again.ts';
import {
  comparedSummary,
  firstParting,
  rulesOf,
  toldComparedStep,
} from '../../../report/page/compared.ts';
import { type PageAssets, pageEnd, pageStart, pageTrace } from '../../../report/page/document.ts';
import { StepPacker } from '../../../report/page/steps.ts';
import { problemText } from '../../../report/page/summary.ts';
import type { TraceSummary } from '../../../report/page/told.ts';
import type { TextOutput } from '../../streams/output.ts';
import type { CompareOptions } from './text.ts';

const NOTHING = { divergences: [], findings: [] } as const;

/** One trace under two rule sets, on its way into the page. */
class ComparedTrace {
  readonly #builders = { from: new PictureBuilder(), to: new PictureBuilder() };
  readonly #steps = new StepPacker();
  readonly #ids = new Set<string>();
  #first: TraceSummary['first'] = null;

  add(step: ComparedStep, isMatched: boolean): void {
    const { number, event, changes, partings } = step;
    for (const side of ['from', 'to'] as const) {
      const builder = this.#builders[side];
      const changed = changes?.[side] ?? [];
      builder.add({ number, event, outcome: step[side], changes: changed, ...NOTHING });
      for (const { cause } of partings) builder.part(cause);
    }
    this.#first ??= firstParting(step);
    if (!isMatched) return;
    for (const id of step.touches) this.#ids.add(id);
    const rules = rulesOf(partings, this.#steps.ruleNumber);
    this.#steps.add(number, event, toldComparedStep(step), rules);
  }

  *pack(
    report: FileReport,
    problems: readonly string[],
    selection: Pick<Selection, 'range' | 'only'>,
    sets: Pick<CompareOptions, 'from' | 'to'>,
    isStdin: boolean,
  ): Generator<string> {
    const { range, only } = selection;
    const part = {
      ...(range ?? {}),
      ...(only === null ? {} : { keeps: (id: string) => this.#ids.has(id) }),
    };
    const pictures = [this.#builders.from.layout(part), this.#builders.to.layout(part)];
    const most = (key: 'sessions' | 'connections'): number =>
      Math.max(...pictures.map((picture) => picture[key].length));
    const counts = { sessions: most('sessions'), connections: most('connections') };
    const rules = [sets.from, sets.to];
    const named = [
      ['--from', sets.from],
      ['--to', sets.to],
    ] as const;
    const again = againOf(['replay', 'compare'], named, { path: report.path, stdin: isStdin });
    const about = { ...counts, rules, first: this.#first, problems, again };
    const summary = comparedSummary(report, about);
    yield* pageTrace({ summary, ...this.#steps.pack(pictures) });
  }
}

/** The page of a run that compares two rule sets: each trace is written when it has been read. */
export class ComparedPage {
  #trace = new ComparedTrace();
  #problems: string[] = [];

  constructor(
    readonly assets: PageAssets,
    readonly output: TextOutput,
    readonly selection: Pick<Selection, 'range' | 'only'>,
    readonly sets: Pick<CompareOptions, 'from' | 'to'>,
  ) {
    output.write(pageStart(assets, 'replay compare'));
  }

  /** Takes the next step, which has to tell what it changes. */
  add(step: ComparedStep, isMatched: boolean): void {
    this.#trace.add(step, isMatched);
  }

  /** Something is wrong with the trace. */
  problem(problem: Parameters<typeof problemText>[0]): void {
    this.#problems.push(problemText(problem));
  }

  /** The trace is over. */
  end(report: FileReport, isStdin: boolean): void {
    const { selection, sets } = this;
    const parts = this.#trace.pack(report, this.#problems, selection, sets, isStdin);
    for (const part of parts) this.output.write(part);
    this.#trace = new ComparedTrace();
    this.#problems = [];
  }

  /** The run is over. */
  finish(): void {
    this.output.write(pageEnd(this.assets));
  }
}
