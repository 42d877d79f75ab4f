/** What `--color` can say. */
export const COLOR_MODES = ['auto', 'always', 'never'] as const;

/** A value of `--color`. */
export type ColorMode = (typeof COLOR_MODES)[number];

/** What decides about colour, for one stream. */
export interface ColorInputs {
  readonly mode: ColorMode;
  readonly env: { readonly [name: string]: string | undefined };
  /** The stream is a terminal. */
  readonly isTerminal: boolean;
}

/**
 * True when a stream gets colour: `--color` decides, else a non-empty `NO_COLOR`, else
 * `FORCE_COLOR` (`0` and `false` forbid), else whether the stream is a terminal that is not dumb.
 */
export function usesColor({ mode, env, isTerminal }: ColorInputs): boolean {
  if (mode !== 'auto') return mode === 'always';
  if ((env.NO_COLOR ?? '') !== '') return false;
  const force = env.FORCE_COLOR ?? '';
  if (force !== '') return force !== '0' && force !== 'false';
  return isTerminal && env.TERM !== 'dumb';
}
