import type { RuleSet } from '../../../engine/index.ts';
import { SEARCHED } from '../../../engine/invariants/property-names.ts';
import {
  Exploration,
  type Find,
  Matrix,
  type MatrixColumn,
  type MatrixRow,
} from '../../../explore/index.ts';
import { propertyNamed } from '../../arguments/property.ts';
import { systemErrorText } from '../../outcome/errors.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import type { Host } from '../../streams/host.ts';
import { interruptible } from '../../streams/signals.ts';
import { boundsOf } from './bounds.ts';
import { ExpandThreads } from './expand-threads.ts';
import { FoundFiles } from './found-files.ts';
import { tableFiles } from './matrix-page.ts';
import { matrixText } from './matrix-text.ts';
import type { ExploreOptions } from './options.ts';
import { search } from './searching.ts';
import type { ExploreReportOptions } from './text.ts';
import type { NamedWorld } from './world.ts';

/** How the table ends a run: what is broken is broken; what a bound has cut off is not known. */
function outcomeOf(rows: readonly MatrixRow[], columns: readonly MatrixColumn[]): Outcome {
  if (rows.some(({ cells }) => cells.some(({ shortest }) => shortest !== null))) return 'diverges';
  return columns.every(({ depth }) => depth === null) ? 'agrees' : 'not-judged';
}

/**
 * Searches worlds under rule sets, each for itself, and tells promise by promise under which of
 * them it is broken.
 *
 * @throws KnownError for an unknown property, and for a directory that nothing can be written to
 */
export async function runMatrix(
  worlds: readonly NamedWorld[],
  sets: readonly RuleSet[],
  options: ExploreOptions,
  report: ExploreReportOptions,
  host: Host,
): Promise<Outcome> {
  const properties = options.property?.map((name) => propertyNamed(name, SEARCHED)) ?? null;
  const files = options.out === undefined ? null : await FoundFiles.open(options.out);
  const { stdout } = host;
  return interruptible(async (stop) => {
    const matrix = new Matrix(sets, properties);
    for (const { name, world } of worlds) {
      for (const rules of sets) {
        const setup = { world, rules: rules.id, from: null, properties, exportable: false };
        const threads = new ExpandThreads(setup, options.jobs);
        const exploration = new Exploration(world, {
          name,
          rules,
          from: null,
          properties,
          all: true,
          hire: threads.hire,
          bounds: boundsOf(options),
        });
        const finds: Find[] = [];
        const see = async (find: Find): Promise<void> => void finds.push(find);
        const ending = await search(exploration, { time: options.time, stop, see }, host).finally(
          () => threads.close(),
        );
        if (ending === 'interrupt' || ending === 'terminate') return 'interrupted';
        matrix.add(name, rules, exploration.result(), finds);
      }
    }
    const { rows, columns } = matrix;
    stdout.tell(matrixText(rows, columns, report));
    const names = worlds.map(({ name }) => name);
    try {
      if (files !== null) {
        for (const [path, text] of tableFiles(matrix, names)) await files.writeText(path, text);
      }
    } catch (error) {
      host.stderr.tell(`replay: the table cannot be written: ${systemErrorText(error)}\n`);
      return 'unwritable-output';
    }
    return outcomeOf(rows, columns);
  });
}
