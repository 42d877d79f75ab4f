import { Option } from 'commander';
import { REPORTER_NAMES } from '../../report/formats/names.ts';

/** The option `--reporter`, which can be given several times. */
export function reporterOption(): Option {
  return new Option(
    '--reporter <name[=file]>',
    `how results are told, repeatable: ${REPORTER_NAMES.join(', ')}`,
  ).argParser((value: string, others: readonly string[] = []) => [...others, value]);
}
