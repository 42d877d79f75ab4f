import { INVARIANTS } from '../../../engine/invariants/index.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import type { InvariantsOptions } from './options.ts';
import { invariantsText } from './text.ts';

/** The command `invariants`: prints what must hold after every step. */
export async function runInvariants(
  { color }: InvariantsOptions,
  { stdout, env, isTerminal, width }: Host,
): Promise<Outcome> {
  const hasColor = usesColor({ mode: color, env, isTerminal: isTerminal.stdout });
  const palette = await paletteFor(hasColor);
  stdout.tell(invariantsText(INVARIANTS, { width, palette }));
  return 'agrees';
}
