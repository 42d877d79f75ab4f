import type { ComparedStep } from '../../../compare/index.ts';
import type { RuleSet } from '../../../engine/index.ts';
import type { ReplayedTrace } from '../../../explore/found-trace.ts';
import { comparedSteps, type Find, replayText } from '../../../explore/index.ts';
import { withParting } from '../../../report/compared/rests-on.ts';
import { addUnrecorded, type Unrecorded } from '../../../report/data/unrecorded.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import { systemErrorText } from '../../outcome/errors.ts';
import type { Host } from '../../streams/host.ts';
import type { FoundFiles } from './found-files.ts';
import type { ExploreOptions } from './options.ts';
import { type ExploreHead, type ExploreReportOptions, findText } from './text.ts';

/** The rule sets of a search: the one that is searched, and perhaps one to be told apart from it. */
export interface ExploreSets {
  readonly rules: RuleSet;
  readonly from: RuleSet | null;
}

/** Prints finds, and writes them where they are wanted. */
export class FindPrinter {
  readonly #head: ExploreHead;
  readonly #sets: ExploreSets;
  readonly #files: FoundFiles | null;
  readonly #options: ExploreOptions;
  readonly #report: ExploreReportOptions;
  readonly #host: Host;
  /** A find could not be written. */
  hasFailed = false;
  /** What the finds rest on, where no recording of HAProxy has exercised it. */
  unrecorded: Unrecorded | undefined;

  constructor(
    head: ExploreHead,
    sets: ExploreSets,
    files: FoundFiles | null,
    options: ExploreOptions,
    report: ExploreReportOptions,
    host: Host,
  ) {
    this.#head = head;
    this.#sets = sets;
    this.#files = files;
    this.#options = options;
    this.#report = report;
    this.#host = host;
  }

  /** Replays a find, and prints it with the file that it was written to. */
  async print(find: Find): Promise<void> {
    const { stdout } = this.#host;
    const path = await this.#write(find);
    const explain = this.#options.explain === true;
    const replayed = replayText(path ?? this.#head.world, find.text, explain);
    const { from, rules } = this.#sets;
    const events = replayed.steps.map(({ event }) => event);
    const config = replayed.header.config ?? {};
    const compared = from === null ? null : comparedSteps({ from, to: rules }, config, events);
    this.#note(find, replayed, compared);
    const steps = this.#options.quiet === true ? [] : replayed.steps;
    stdout.separate();
    const told = { find, replayed: { ...replayed, steps }, compared, path };
    stdout.tell(findText(this.#head, told, this.#report));
    await stdout.flush();
  }

  /** Takes note of the rules by which something does not hold, or by which the rule sets part. */
  #note(
    { finding }: Find,
    { result }: ReplayedTrace,
    compared: readonly ComparedStep[] | null,
  ): void {
    const { from, rules } = this.#sets;
    if (from === null) this.unrecorded = addUnrecorded(this.unrecorded, result);
    else {
      const names = { from: from.id, to: rules.id };
      for (const parting of compared?.at(-1)?.partings ?? []) {
        if (parting.cause === finding) {
          this.unrecorded = withParting(this.unrecorded, names, parting);
        }
      }
    }
  }

  async #write(find: Find): Promise<string | null> {
    try {
      return (await this.#files?.write(find)) ?? null;
    } catch (error) {
      this.hasFailed = true;
      const what = `${escapeControl(find.finding)} cannot be written: ${systemErrorText(error)}`;
      this.#host.stderr.tell(`replay: ${what}\n`);
      return null;
    }
  }
}
