import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { DEFAULT_RULE_SET } from '../../../engine/index.ts';
import { ruleSetFor } from '../../../history/index.ts';
import { type HaproxyConfig, Importer } from '../../../import/index.ts';
import { count } from '../../../report/text/layout.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import { ruleSetNamed } from '../../arguments/rule-set.ts';
import { checkName } from '../../files/names.ts';
import { checkOut, writeOut } from '../../files/new-file.ts';
import { STDIN_ARGUMENT, STDIN_NAME } from '../../files/paths.ts';
import { bytesOf } from '../../files/source-bytes.ts';
import { KnownError, systemErrorText } from '../../outcome/errors.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import { breathe } from '../../streams/breathe.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { ProgressLine } from '../../streams/progress-line.ts';
import { interruptible } from '../../streams/signals.ts';
import { type Agreement, agreements } from './auto.ts';
import type { ImportOptions } from './options.ts';
import { readConfig } from './read-config.ts';
import { Spool } from './spool.ts';
import { progressText, summaryText } from './text.ts';

/** Reads captures one after the other, as if they were one. */
async function readAll(
  captures: readonly string[],
  importer: Importer,
  host: Host,
  stop: AbortSignal,
): Promise<void> {
  const progress = new ProgressLine(host);
  let bytes = 0;
  for (const path of captures) {
    const isStdin = path === STDIN_ARGUMENT;
    try {
      checkName(path);
      const stdin = isStdin ? addAbortSignal<Readable>(stop, host.stdin) : null;
      const isRegular = !isStdin && (await stat(path)).isFile();
      for await (const chunk of bytesOf({ path, isRegular }, stdin)) {
        bytes += chunk.length;
        importer.write(chunk);
        await breathe(stop);
        await progress.show(() => progressText(bytes, importer.writer.total));
      }
    } catch (error) {
      if (stop.aborted) throw error;
      const name = escapeControl(isStdin ? STDIN_NAME : path);
      throw new KnownError(`${name}: cannot be read: ${systemErrorText(error)}`);
    } finally {
      await progress.clear();
    }
  }
  importer.end();
}

/** The rule set that answers for a version, or else the one next to it; and which of both. */
function nearestTo(version: string): { readonly rules: string; readonly says: string } {
  const answer = ruleSetFor(version);
  if (answer !== null && 'set' in answer) return { rules: answer.set.id, says: '' };
  const near = answer?.before ?? answer?.after ?? DEFAULT_RULE_SET;
  return {
    rules: near.id,
    says: ` (no rule set is of ${escapeControl(version)}, this one is near)`,
  };
}

/** What stands for the rule set that agrees best. */
const AUTO = 'auto';

/** The rule set that the trace names, and why that one. */
function rulesOf(
  asked: string | undefined,
  importer: Importer,
  config: HaproxyConfig | null,
): { readonly rules: string; readonly why: string } {
  if (asked !== undefined && asked !== AUTO) return { rules: asked, why: 'as asked for' };
  const named = importer.version ?? config?.version ?? null;
  const { rules, says } = nearestTo(named ?? importer.shape);
  if (named !== null) return { rules, why: `as HAProxy ${named} is named${says}` };
  const shape = `lines have the shape of ${importer.shape} or later`;
  return { rules, why: `a guess, as ${shape}; --rules says otherwise${says}` };
}

function titleOf(captures: readonly string[]): string {
  const names = captures.map((path) => (path === STDIN_ARGUMENT ? STDIN_NAME : basename(path)));
  return `imported from ${names.join(', ')}`;
}

function nothingThere(captures: readonly string[]): KnownError {
  const names = captures.map((path) => escapeControl(path)).join(', ');
  const what = 'no record of h1, h2 or fcgi, and no log line that begins with replay1';
  return new KnownError(
    `${names}: nothing to import: there is ${what}; replay capture-recipe says how to get them`,
  );
}

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
      await readAll(captures, importer, host, stop);
      if (importer.lines.records + importer.lines.logs === 0) throw nothingThere(captures);
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
  let { rules, why } = rulesOf(asked.rules, importer, config);
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
