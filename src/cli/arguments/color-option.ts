import { Option } from 'commander';
import { COLOR_MODES } from '../streams/color.ts';
import { withChoices } from './choice.ts';

/** The option `--color`, the same for every command that prints. */
export function colorOption(): Option {
  const says = 'colour; auto heeds NO_COLOR, FORCE_COLOR and the terminal';
  return withChoices(new Option('--color <when>', says), COLOR_MODES).default('auto');
}
