import { existsSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { joined } from '../report/text/fold.ts';
import { escapeControl } from '../trace/text/escape.ts';
import { suggest } from '../trace/text/suggest.ts';
import { colorOption } from './arguments/color-option.ts';
import { withStrictLists } from './arguments/strict-option.ts';
import { defineCommands } from './commands/index.ts';
import { checkUpdateMode } from './commands/update/options.ts';
import { KnownError } from './outcome/errors.ts';
import type { Outcome } from './outcome/outcome.ts';
import { unknownName } from './outcome/unknown-name.ts';
import type { Host } from './streams/host.ts';

const DESCRIPTION =
  "Replays recorded events of HAProxy's backend connections through a model of who owns them, " +
  'and shows where the outcome differs from what the trace expects.';

/** Commander's `error: what` and hints as `replay: what` with the way to the help. */
function usageText(message: string, command: string): string {
  const lines = message.trimEnd().split('\n').map(escapeControl);
  const what = lines.join(' ').replace(/^error: /, '');
  return `replay: ${what}\nreplay: try ${command} --help\n`;
}

function createProgram(
  [first]: readonly string[],
  host: Host,
  finish: (outcome: Outcome) => void,
): Command {
  const { stdout, stderr, width } = host;
  /** The command that was meant, whose help is the one to look at. */
  const meant = (): string => {
    const command = program.commands.find((each) => each.name() === first);
    return command === undefined ? 'replay' : `replay ${command.name()}`;
  };
  const program: Command = new Command('replay')
    .description(DESCRIPTION)
    .usage('[options] <path...>')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.tell(joined(text, width)),
      writeErr: (text) => stderr.tell(text),
      outputError: (message, write) => write(usageText(message, meant())),
      getOutHelpWidth: () => width,
      getErrHelpWidth: () => width,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    // Options behind the name of a command are its own; a trace of that name is written ./merge.
    .enablePositionalOptions()
    .helpCommand(false);
  defineCommands(program, host, finish);
  return program
    .optionsGroup('Output:')
    .addOption(colorOption())
    .optionsGroup('About:')
    .version(host.version, '-V, --version', 'the version')
    .addHelpOption(new Option('-h, --help', 'this help').helpGroup('About:'));
}

/** @throws KnownError for a word that is spelt like a command, and names no file */
function checkCommand([first = '']: readonly string[], { commands }: Command): void {
  const names = commands.map((command) => command.name());
  if (names.includes(first) || !/^[a-z]+$/i.test(first) || existsSync(first)) return;
  const meant = suggest(first, names);
  if (meant !== null) throw unknownName('command', first, names, { or: 'a path', meant });
}

/**
 * Parses a command line and runs what it asks for.
 *
 * @param args without the names of node and of the script
 * @throws KnownError for what the user can put right, told in one line
 */
export async function runProgram(args: readonly string[], host: Host): Promise<Outcome> {
  checkUpdateMode(args);
  let outcome: Outcome | null = null;
  const program = createProgram(args, host, (result) => {
    outcome = result;
  });
  checkCommand(args, program);
  try {
    await program.parseAsync(withStrictLists(args), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 'agrees' : 'usage-error';
  }
  if (outcome === null) throw new KnownError('nothing to do; try replay --help');
  return outcome;
}
