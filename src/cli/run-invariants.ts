import { INVARIANTS } from '../engine/invariants/index.ts';
import { invariantsText } from '../report/invariants.ts';
import { usesColor } from './color.ts';
import type { InvariantsOptions } from './commands/invariants.ts';
import type { Host } from './host.ts';
import type { Outcome } from './outcome.ts';
import { paletteFor } from './palette.ts';

/** The command `invariants`: prints what must hold after every step. */
export async function runInvariants(
  { color }: InvariantsOptions,
  { stdout, env, isTerminal, width }: Host,
): Promise<Outcome> {
  const hasColor = usesColor({ mode: color, env, isTerminal: isTerminal.stdout });
  const palette = await paletteFor(hasColor);
  stdout.write(invariantsText(INVARIANTS, { width, palette }));
  return 'agrees';
}
