import { type Command, Option } from 'commander';
import { suggest } from '../../../trace/text/suggest.ts';
import { UPDATE_MODES, type UpdateMode } from '../../../update/mode.ts';
import { KnownError } from '../../outcome/errors.ts';
import { unknownName } from '../../outcome/unknown-name.ts';

/** The options of `replay` about rewriting expectations. */
export interface UpdateOptions {
  readonly update?: boolean;
  readonly 'update=full'?: boolean;
  readonly 'update=missing'?: boolean;
  readonly updateForce?: boolean;
}

const LITERAL = /^(?:-u|--update)=(.*)$/s;
const MODES: readonly string[] = UPDATE_MODES.filter((mode) => mode !== 'changed');

/** The one option of a replay that an update heeds. */
const HEEDED = 'quiet';

/**
 * Adds the options about updating, after all others of a replay: an update judges whole traces by
 * their own rules and prints no report, so it goes with none of them. Each mode is an option of
 * its own, so that no option takes a value: `-u trace.jsonl` would read the path as one.
 */
export function addUpdateOptions(program: Command): void {
  const others = program.options.map((option) => option.attributeName());
  const conflicting = others.filter((name) => name !== HEEDED);
  const changed = new Option(
    '-u, --update',
    'write what a step did into its expect, where that states something else',
  );
  const full = new Option('--update=full', 'and everything else that is known of the step');
  const missing = new Option('--update=missing', 'everything, but only for events without expect');
  program
    .optionsGroup('Updating (files are rewritten):')
    .addOption(changed.conflicts([...conflicting, full.attributeName(), missing.attributeName()]))
    .addOption(full.conflicts([...conflicting, missing.attributeName()]))
    .addOption(missing.conflicts(conflicting))
    .option('--update-force', 'also under CI, with a new crash, or an impossible step');
}

/**
 * Looks for a mode that does not exist, which commander takes for an unknown option.
 *
 * @throws KnownError with the modes that do
 */
export function checkUpdateMode(args: readonly string[]): void {
  const end = args.indexOf('--');
  for (const arg of end === -1 ? args : args.slice(0, end)) {
    const mode = LITERAL.exec(arg)?.[1];
    if (mode === undefined || (MODES.includes(mode) && arg.startsWith('--'))) continue;
    const allowed = MODES.map((name) => `--update=${name}`);
    throw unknownName('update mode', mode, allowed, {
      or: '-u alone',
      meant: suggest(mode, MODES),
    });
  }
}

/**
 * The mode that is asked for; null when nothing is to be updated.
 *
 * @throws KnownError for `--update-force` without an update
 */
export function updateModeOf(options: UpdateOptions): UpdateMode | null {
  if (options['update=full'] === true) return 'full';
  if (options['update=missing'] === true) return 'missing';
  if (options.update === true) return 'changed';
  if (options.updateForce === true) {
    throw new KnownError('--update-force needs -u, --update=full or --update=missing');
  }
  return null;
}
