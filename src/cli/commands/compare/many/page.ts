import type { ReleasesResult, ReleasesStep, Row } from '../../../../compare/releases/index.ts';
import { type Mark, type Picture, PictureBuilder } from '../../../../picture/index.ts';
import { rulesOf } from '../../../../report/page/compared.ts';
import {
  type PageAssets,
  pageEnd,
  pageStart,
  pageTrace,
} from '../../../../report/page/document.ts';
import { releasesSummary, toldReleasesStep } from '../../../../report/page/releases.ts';
import { StepPacker } from '../../../../report/page/steps.ts';
import { problemText } from '../../../../report/page/summary.ts';
import type { TextOutput } from '../../../streams/output.ts';

const NOTHING = { divergences: [], findings: [] } as const;

/** A picture with what came of the trace otherwise than expected, and the promises broken. */
function withMarks(picture: Picture, row: Row | undefined): Picture {
  const { divergence = null, broken = [] } = row ?? {};
  const on = { kind: 'event', id: '', place: null } as const;
  const marks: Mark[] = broken.map(({ name, number }) => {
    const about = { invariant: name, severity: 'broken', stated: false } as const;
    return { kind: 'finding', step: number, on, ...about };
  });
  if (divergence !== null) {
    const { field } = divergence.difference;
    marks.push({ kind: 'divergence', step: divergence.number, on, field });
  }
  const all = [...picture.marks, ...marks];
  return { ...picture, marks: all.sort((one, other) => one.step - other.step) };
}

/** One trace under many rule sets, on its way into the page. */
class ReleasesTrace {
  readonly #builders: readonly PictureBuilder[];
  readonly #steps = new StepPacker();

  constructor(readonly rules: readonly string[]) {
    this.#builders = rules.map(() => new PictureBuilder());
  }

  /** Takes the next step. */
  add(step: ReleasesStep): void {
    const { number, event, sides, partings } = step;
    for (const [at, builder] of this.#builders.entries()) {
      const side = sides[at] ?? null;
      if (side === null) continue;
      builder.add({ number, event, outcome: side.outcome, changes: side.changes, ...NOTHING });
      for (const { at: from, parting } of partings) {
        if (from === at || from + 1 === at) builder.part(parting.cause);
      }
    }
    const causes = partings.map(({ parting }) => parting);
    const rules = rulesOf(causes, this.#steps.ruleNumber);
    this.#steps.add(number, event, toldReleasesStep(step), rules);
  }

  /**
   * The trace as the page carries it.
   *
   * @param result null when no header could be read
   */
  *pack(
    path: string,
    result: ReleasesResult | null,
    problems: readonly Parameters<typeof problemText>[0][],
  ): Generator<string> {
    const pictures = this.#builders.map((builder, at) =>
      withMarks(builder.layout(), result?.rows[at]),
    );
    const most = (key: 'sessions' | 'connections'): number =>
      Math.max(0, ...pictures.map((picture) => picture[key].length));
    const summary = releasesSummary(path, result, {
      rules: this.rules,
      sessions: most('sessions'),
      connections: most('connections'),
      problems: problems.map(problemText),
    });
    yield* pageTrace({ summary, ...this.#steps.pack(pictures) });
  }
}

/** The page of a run under many rule sets: each trace is written when it has been read. */
export class ReleasesPage {
  constructor(
    readonly assets: PageAssets,
    readonly output: TextOutput,
  ) {
    output.write(pageStart(assets, 'replay compare'));
  }

  /** Begins a trace under these rule sets. */
  trace(rules: readonly string[]): ReleasesTrace {
    return new ReleasesTrace(rules);
  }

  /** A trace is over. */
  end(trace: ReleasesTrace, ...about: Parameters<ReleasesTrace['pack']>): void {
    for (const part of trace.pack(...about)) this.output.write(part);
  }

  /** The run is over. */
  finish(): void {
    this.output.write(pageEnd(this.assets));
  }
}
