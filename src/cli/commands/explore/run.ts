import { DEFAULT_RULE_SET, RULE_SETS, type RuleSet } from '../../../engine/index.ts';
import { SEARCHED } from '../../../engine/invariants/property-names.ts';
import { Exploration, type Find, PRESET_NAMES, presetOf } from '../../../explore/index.ts';
import { configObstacle } from '../../../export/index.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import { propertyNamed } from '../../arguments/property.ts';
import { ruleSetNamed, ruleSetsNamed } from '../../arguments/rule-set.ts';
import { KnownError } from '../../outcome/errors.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { ProblemPrinter } from '../../streams/problems.ts';
import { interruptible } from '../../streams/signals.ts';
import { boundsOf } from './bounds.ts';
import { ExpandThreads } from './expand-threads.ts';
import { type ExploreSets, FindPrinter } from './find-printer.ts';
import { FoundFiles } from './found-files.ts';
import { runMatrix } from './matrix-run.ts';
import type { ExploreOptions } from './options.ts';
import { search } from './searching.ts';
import {
  type Ending,
  type ExploreReportOptions,
  exploreHeadText,
  exploreSummaryText,
  missingWitnesses,
  presetsText,
  speedText,
} from './text.ts';
import { type NamedWorld, worldOf, worldsOf } from './world.ts';

/** Stands for every rule set. */
const ALL_SETS = 'all';

/** @throws KnownError for an unknown rule set, or one of `--from` and `--to` without the other */
function setsOf(
  { rules, from, to }: ExploreOptions,
  { world }: NamedWorld,
  { stderr }: Host,
): ExploreSets {
  if ((from === undefined) !== (to === undefined)) {
    throw new KnownError('--from and --to go together: they name the two rule sets');
  }
  if (from !== undefined && to !== undefined) {
    const [one, other] = ruleSetsNamed([from, to] as const, stderr);
    return { rules: other, from: one };
  }
  const name = rules ?? world.rules ?? DEFAULT_RULE_SET.id;
  return { rules: ruleSetNamed(name, stderr), from: null };
}

/** Whether a table of promises is asked for: by its name, or by several rule sets. */
function isMatrix({ matrix, rules }: ExploreOptions): boolean {
  return matrix === true || rules?.includes(',') === true || rules === ALL_SETS;
}

/**
 * The rule sets of a table; all unless some are named.
 *
 * @throws KnownError for an unknown one
 */
function listedSets({ rules = ALL_SETS }: ExploreOptions, { stderr }: Host): readonly RuleSet[] {
  if (rules === ALL_SETS) return RULE_SETS;
  // Two names can be answered by one.
  return [...new Set(ruleSetsNamed(rules.split(','), stderr))];
}

/** @throws KnownError when there is something to search for, and no world to search */
function checkAlone({ color: _, memory: __, jobs: ___, ...asked }: ExploreOptions): void {
  const [option] = Object.keys(asked);
  if (option === undefined) return;
  throw new KnownError(`--${option} needs a world; replay explore alone lists them by name`);
}

/** How a search ends that came to this. */
function outcomeOf(finds: number, missing: number, ending: Ending): Outcome {
  if (ending === 'interrupt' || ending === 'terminate') return 'interrupted';
  if (finds > 0) return 'diverges';
  if (ending === 'exhausted') return missing > 0 ? 'diverges' : 'agrees';
  // A depth is part of the question; what another bound cuts off was asked for.
  return ending === 'depth' && missing === 0 ? 'agrees' : 'not-judged';
}

/** @throws KnownError for a world whose configuration no test script can have */
function checkExportable({ name, world }: NamedWorld): void {
  const found = configObstacle(world.config);
  if (found === null) return;
  const key = found.key === null ? '' : ` (${found.key})`;
  throw new KnownError(
    `--exportable: nothing of the world ${escapeControl(name)} can be exported: ${found.why}${key}`,
  );
}

async function explore(
  named: NamedWorld,
  options: ExploreOptions,
  report: ExploreReportOptions,
  host: Host,
): Promise<Outcome> {
  const sets = setsOf(options, named, host);
  for (const name of options.property ?? []) propertyNamed(name, SEARCHED);
  const files = options.out === undefined ? null : await FoundFiles.open(options.out);
  const { name, world } = named;
  const { rules, from } = sets;
  const properties = options.property ?? null;
  const exportable = options.exportable === true;
  if (exportable) checkExportable(named);
  const setup = { world, rules: rules.id, from: from?.id ?? null, properties, exportable };
  const threads = new ExpandThreads(setup, options.jobs);
  const exploration = new Exploration(world, {
    name,
    ...sets,
    properties,
    exportable,
    hire: threads.hire,
    all: options.all === true,
    bounds: boundsOf(options),
  });
  const { stdout } = host;
  const head = {
    world: name,
    title: world.title ?? null,
    rules: rules.id,
    from: from?.id ?? null,
    properties,
    explain: options.explain === true,
  };
  return interruptible(async (stop) => {
    stdout.tell(exploreHeadText(head, report));
    await stdout.flush();
    const printer = new FindPrinter(head, sets, files, options, report, host);
    const start = performance.now();
    const see = (find: Find): Promise<void> => printer.print(find);
    const ending = await search(exploration, { time: options.time, stop, see }, host).finally(() =>
      threads.close(),
    );
    host.stderr.tell(speedText(exploration.progress, performance.now() - start));
    await host.stderr.flush();
    const result = exploration.result();
    const { unrecorded } = printer;
    stdout.separate();
    stdout.tell(exploreSummaryText(result, head, { ending, unrecorded }, report));
    if (printer.hasFailed) return 'unwritable-output';
    return outcomeOf(result.finds, missingWitnesses(result), ending);
  });
}

/**
 * The command `replay explore`: searches a world and prints what does not hold there; without a
 * world it lists those that can be searched by name.
 *
 * @throws KnownError for an unknown world, rule set or property, and for a directory that nothing
 * can be written to
 */
export async function runExplore(
  argument: string | null,
  options: ExploreOptions,
  host: Host,
): Promise<Outcome> {
  const { stdout, stderr, env, isTerminal, width } = host;
  const { color } = options;
  const palette = await paletteFor(usesColor({ mode: color, env, isTerminal: isTerminal.stdout }));
  const errors = await paletteFor(usesColor({ mode: color, env, isTerminal: isTerminal.stderr }));
  const report = { width, palette };
  if (isMatrix(options)) {
    const worlds = await worldsOf(argument, (path) => new ProblemPrinter(path, stderr, errors));
    return worlds === null
      ? 'not-judged'
      : runMatrix(worlds, listedSets(options, host), options, report, host);
  }
  if (argument === null) {
    checkAlone(options);
    const presets = PRESET_NAMES.map((name) => ({ name, title: presetOf(name)?.title ?? '' }));
    stdout.tell(presetsText(presets, report));
    return 'agrees';
  }
  const named = await worldOf(argument, (path) => new ProblemPrinter(path, stderr, errors));
  return named === null ? 'not-judged' : explore(named, options, report, host);
}
