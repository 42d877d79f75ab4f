import { ruleSetNamed } from '../../arguments/rule-set.ts';
import { expandPaths, type Sources } from '../../files/paths.ts';
import { itemsOfShard, type Shard, shardText } from '../../jobs/shard.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import type { Host } from '../../streams/host.ts';
import { updateModeOf } from '../update/options.ts';
import type { ReplayOptions } from './options.ts';
import { replaySources } from './replay-sources.ts';

/** The files of one shard; a shard without a file is told, for it is easily a mistake. */
function sourcesOfShard(found: Sources, shard: Shard, { stderr }: Host): Sources {
  const sources = itemsOfShard(found.sources, shard);
  if (sources.length === 0 && found.sources.length > 0) {
    const files = found.sources.length === 1 ? 'is 1 file' : `are ${found.sources.length} files`;
    stderr.tell(`replay: nothing to do in shard ${shardText(shard)}: there ${files}\n`);
  }
  return { ...found, sources };
}

async function replayOnce(
  paths: readonly string[],
  options: ReplayOptions,
  host: Host,
): Promise<Outcome> {
  const all = await expandPaths(paths);
  const shard = options.shard ?? null;
  const found = shard === null ? all : sourcesOfShard(all, shard, host);
  const several = all.sources.length > 1;
  return replaySources({ found, several, shard, stop: null }, options, host);
}

/**
 * The command `replay`: replays every trace that the paths stand for and prints what came of it;
 * with `--watch` again and again. With `-u` it rewrites what they expect instead.
 *
 * @throws KnownError for an unknown rule set or invariant, standard input given twice, and what
 *   watching and updating forbid
 */
export async function runReplay(
  paths: readonly string[],
  options: ReplayOptions,
  host: Host,
): Promise<Outcome> {
  const mode = updateModeOf(options);
  if (mode !== null) {
    const { runUpdate } = await import('../update/run.ts');
    return runUpdate(paths, mode, options, host);
  }
  const { rules } = options;
  const named = rules === undefined ? {} : { rules: ruleSetNamed(rules, host.stderr).id };
  const judged = { ...options, ...named };
  if (options.watch !== true) return replayOnce(paths, judged, host);
  const { runWatch } = await import('./watch.ts');
  return runWatch(paths, judged, host);
}
