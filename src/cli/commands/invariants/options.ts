import type { Command } from 'commander';
import { colorOption } from '../../arguments/color-option.ts';
import type { Run } from '../../arguments/run-command.ts';
import type { ColorMode } from '../../streams/color.ts';

/** The options of `replay invariants`, as commander hands them over. */
export interface InvariantsOptions {
  readonly color: ColorMode;
}

/** Makes the command `replay invariants`. */
export function defineInvariants(program: Command, run: Run<[options: InvariantsOptions]>): void {
  program
    .command('invariants')
    .description('lists the invariants: what must hold after every step, and where that comes from')
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .action((options: InvariantsOptions) => run(options));
}
