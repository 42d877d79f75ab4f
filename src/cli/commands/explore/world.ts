import { PRESET_NAMES, presetOf, readWorld } from '../../../explore/index.ts';
import type { WorldDefinition } from '../../../format/index.ts';
import { wholeText } from '../../files/source-bytes.ts';
import { systemErrorText } from '../../outcome/errors.ts';
import { unknownName } from '../../outcome/unknown-name.ts';
import type { ProblemPrinter } from '../../streams/problems.ts';

/** Worlds are written by hand, and small. */
const WORLD_MIB = 16;

/** A world to search, and what it is called. */
export interface NamedWorld {
  readonly name: string;
  readonly world: WorldDefinition;
}

/** What looks like a path is one; everything else is the name of a preset. */
function isPath(argument: string): boolean {
  return argument.includes('/') || argument.includes('\\') || argument.endsWith('.json');
}

/**
 * The world that an argument stands for: a preset by its name, or a file.
 *
 * @returns null when the file is no world, which was then told
 * @throws KnownError for an unknown preset
 */
export async function worldOf(
  argument: string,
  print: (path: string) => ProblemPrinter,
): Promise<NamedWorld | null> {
  if (!isPath(argument)) {
    const world = presetOf(argument);
    if (world !== undefined) return { name: argument, world };
    throw unknownName('world', argument, PRESET_NAMES, { or: 'a file (./name or name.json)' });
  }
  const printer = print(argument);
  let text: string;
  try {
    text = await wholeText(argument, WORLD_MIB, 'a world');
  } catch (error) {
    printer.addFile(`cannot be read: ${systemErrorText(error)}`);
    return null;
  }
  const { world, problems } = readWorld(argument, text);
  for (const problem of problems) printer.add(problem);
  printer.end();
  return world === null ? null : { name: argument, world };
}

/**
 * The worlds that an argument stands for: one, or without any all that come with it.
 *
 * @returns null when the file is no world, which was then told
 * @throws KnownError for an unknown preset
 */
export async function worldsOf(
  argument: string | null,
  print: (path: string) => ProblemPrinter,
): Promise<NamedWorld[] | null> {
  if (argument !== null) {
    const named = await worldOf(argument, print);
    return named && [named];
  }
  return PRESET_NAMES.flatMap((name) => {
    const world = presetOf(name);
    return world === undefined ? [] : [{ name, world }];
  });
}
