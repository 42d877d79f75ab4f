import type { Command } from 'commander';
import type { ColorMode } from '../color.ts';
import type { Finish, Host } from '../host.ts';
import { colorOption } from './color.ts';

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
      const { runInvariants } = await import('../run-invariants.ts');
      finish(await runInvariants(options, host));
    });
}
