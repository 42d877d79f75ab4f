const BANNER = /\bha-?proxy version (?:is )?(\d+\.\d+(?:\.\d+|-dev\d+)?)/i;

/** The version that a line names as HAProxy names its own; null where it names none. */
export function versionIn(line: string): string | null {
  return BANNER.exec(line)?.[1] ?? null;
}
