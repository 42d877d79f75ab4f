import { type HaproxyConfig, Importer } from '../../../import/index.ts';
import { count } from '../../../report/text/layout.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import { ruleSetNamed } from '../../arguments/rule-set.ts';
import { importCaptures, titleOf } from '../../captures/read-captures.ts';
import { readConfig } from '../../captures/read-config.ts';
import { rulesOf } from '../../captures/rules-of.ts';
import { Spool } from '../../captures/spool.ts';
import { checkOut, writeOut } from '../../files/new-file.ts';
import { STDIN_ARGUMENT } from '../../files/paths.ts';
import { KnownError } from '../../outcome/errors.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { interruptible } from '../../streams/signals.ts';
import { type Agreement, agreements } from './auto.ts';
import type { ImportOptions } from './options.ts';
import { summaryText } from './text.ts';

/** What stands for the rule set that agrees best. */
const AUTO = 'auto';

/**
 * The command `replay import`: makes a trace of captures, and says on standard error what it rests
 * on.
 *
 * @throws KnownError for an unknown rule set, an `--out` that cannot be, a configuration or a
 *   capture that cannot be read, and one that holds nothing
 */
export async function runImport(
  captures: readonly string[],
  options: ImportOptions,
  host: Host,
): Promise<Outcome> {
  const asked =
    options.rules === undefined || options.rules === AUTO
      ? options.rules
      : ruleSetNamed(options.rules, host.stderr).id;
  if (options.pid !== undefined && !/^\d+$/.test(options.pid)) {
    throw new KnownError(`--pid ${escapeControl(options.pid)}: must be a number`);
  }
  for (const path of captures) {
    if (options.out !== undefined) {
      await checkOut(options.out, path === STDIN_ARGUMENT ? null : path);
    }
  }
  const config = options.config === undefined ? null : await readConfig(options.config);
  return interruptible(async (stop) => {
    const spool = new Spool();
    try {
      const { pid = null, keepAddresses = false } = options;
      const importer = new Importer({ config, pid, keepAddresses }, (line) => spool.add(line));
      await importCaptures(captures, importer, { host, stop });
      await tell(importer, spool, { captures, options, rules: asked, config, stop }, host);
      return 'agrees';
    } catch (error) {
      if (stop.aborted) return 'interrupted';
      throw error;
    } finally {
      spool.close();
    }
  });
}

/** Writes the trace, then the summary. */
async function tell(
  importer: Importer,
  spool: Spool,
  asked: {
    readonly captures: readonly string[];
    readonly options: ImportOptions;
    /** The rule set that is asked for. */
    readonly rules: string | undefined;
    readonly config: HaproxyConfig | null;
    readonly stop: AbortSignal;
  },
  host: Host,
): Promise<void> {
  const { captures, options, config, stop } = asked;
  const { stdout, stderr, env, isTerminal, width } = host;
  let { rules, why } =
    asked.rules === undefined || asked.rules === AUTO
      ? rulesOf(importer, config)
      : { rules: asked.rules, why: 'as asked for' };
  const title = titleOf(captures);
  function* parts(): Generator<string> {
    yield importer.header(rules, title);
    yield* spool.read();
  }
  let tried: readonly Agreement[] = [];
  if (asked.rules === AUTO) {
    tried = await agreements(parts, rules, stop);
    rules = tried[0]?.rules ?? rules;
    why = `as none agrees better: ${count(tried[0]?.divergences ?? 0, 'divergence')}`;
  }
  if (options.out === undefined) {
    await stdout.writeAll(parts());
    await stdout.flush();
  } else await writeOut(options.out, parts());
  const hasColor = usesColor({ mode: options.color, env, isTerminal: isTerminal.stderr });
  const palette = await paletteFor(hasColor);
  stderr.tell(summaryText(importer, { config, rules, why, tried, palette, width }));
}
