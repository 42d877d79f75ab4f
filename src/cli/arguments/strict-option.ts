import { Option } from 'commander';
import { SEVERITIES, type Severity } from '../../format/index.ts';
import type { Strict } from '../../report/data/severity.ts';
import { unknownName } from '../outcome/unknown-name.ts';

const FLAG = '--strict';

function isSeverity(word: string): word is Severity {
  return (SEVERITIES as readonly string[]).includes(word);
}

/** The severities of a list, in the order in which they are listed. */
function severitiesOf(list: string): Strict {
  const words = list.split(',');
  for (const word of words) {
    if (!isSeverity(word)) throw unknownName('severity', word, SEVERITIES);
  }
  return SEVERITIES.filter((severity) => words.includes(severity));
}

/**
 * `--strict`, `--strict=hint,crash`: which findings count. What stands behind a blank is a list only
 * if it names nothing but severities, or else the path that follows would be taken for one: see
 * `withStrictLists`.
 */
export function strictOption(): Option {
  return new Option(
    `${FLAG} [severities]`,
    'findings that the trace does not state are divergences: all, or those of these severities ' +
      `(${SEVERITIES.join(', ')})`,
  ).argParser(severitiesOf);
}

/**
 * The arguments with what belongs to each `--strict` behind an equals sign, up to `--`: a list of
 * severities that follows, or all of them.
 */
export function withStrictLists(args: readonly string[]): string[] {
  const taken: string[] = [];
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    const next = at + 1 < end ? args[at + 1] : undefined;
    if (word !== FLAG || at >= end) taken.push(word);
    else if (next?.split(',').every(isSeverity)) {
      taken.push(`${FLAG}=${next}`);
      at++;
    } else taken.push(`${FLAG}=${SEVERITIES.join(',')}`);
  }
  return taken;
}
