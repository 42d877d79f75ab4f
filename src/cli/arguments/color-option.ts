import { Option } from 'commander';
import { COLOR_MODES } from '../streams/color.ts';

/** The option `--color`, the same for every command that prints. */
export function colorOption(): Option {
  return new Option('--color <when>', 'colour; auto heeds NO_COLOR, FORCE_COLOR and the terminal')
    .choices(COLOR_MODES)
    .default('auto');
}
