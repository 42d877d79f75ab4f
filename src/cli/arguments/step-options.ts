import { InvalidArgumentError, Option } from 'commander';
import type { Selection } from '../../report/data/select.ts';
import { parseIds, parseRange } from './values.ts';

function range(value: string): NonNullable<Selection['range']> {
  const parsed = parseRange(value);
  if (parsed !== null) return parsed;
  throw new InvalidArgumentError(
    'Step numbers from 1 are allowed: 3-9, 5- (to the end), -9 (from the start) or 7.',
  );
}

function ids(value: string, previous: readonly string[] | undefined): readonly string[] {
  const parsed = parseIds(value);
  if (parsed !== null) return [...(previous ?? []), ...parsed];
  throw new InvalidArgumentError('Ids are separated by commas, none is empty.');
}

/** The option `--range`, the same for every command that shows steps. */
export function rangeOption(): Option {
  return new Option('--range <first-last>', 'only these step numbers: 3-9, 5-, -9 or 7').argParser(
    range,
  );
}

/** The option `--only`, the same for every command that shows steps. */
export function onlyOption(): Option {
  return new Option('--only <id,...>', 'only steps that touch one of these ids').argParser(ids);
}
