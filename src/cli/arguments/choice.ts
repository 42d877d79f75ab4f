import { InvalidArgumentError, type Option } from 'commander';
import { suggest } from '../../trace/text/suggest.ts';

/** An option whose value is one of some words: another one is told with the word that was meant. */
export function withChoices(option: Option, choices: readonly string[]): Option {
  // The choices for the help, then a parser of ours in the place of commander's.
  return option.choices(choices).argParser((value: string) => {
    if (choices.includes(value)) return value;
    const meant = suggest(value, choices);
    const hint = meant === null ? '' : ` Did you mean ${meant}?`;
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.${hint}`);
  });
}
