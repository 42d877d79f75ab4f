import type { Command } from 'commander';
import { colorOption } from '../../arguments/color-option.ts';
import type { ColorMode } from '../../streams/color.ts';
import type { Finish, Host } from '../../streams/host.ts';

/** The options of `replay invariants`, as commander hands them over. */
export interface InvariantsOptions {
  readonly color: ColorMode;
}

/** Makes the command `replay invariants`. */
export function defineInvariants(program: Command, host: Host, finish: Finish): void {
  program
    .command('invariants')
    .description('lists the invariants: what must hold after every step, and where that comes from')
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .action(async (options: InvariantsOptions) => {
      const { runInvariants } = await import('./run.ts');
      finish(await runInvariants(options, host));
    });
}
