import type { Course } from '../course/realise.ts';
import type { Harbour } from './cast.ts';

/** The first release with `haproxy -cc`, with default values of variables, and with `del server`. */
const CONDITIONS_SINCE = [2, 5] as const;

/** Whether a script for a release can ask its HAProxy what it has. */
export function hasConditions({ release }: Course['rules']): boolean {
  const [major = 0, minor = 0] = release.split(/[.-]/).map(Number);
  const [sinceMajor, sinceMinor] = CONDITIONS_SINCE;
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}

/**
 * What a script asks for before it runs. HAProxy answers for itself since 2.5; before that its
 * runner read comments.
 */
export function requirementLines({ rules }: Course, harbours: readonly Harbour[]): string[] {
  const isTls = harbours.some(({ tls }) => tls !== null);
  const openssl = isTls ? ['feature cmd "command -v openssl"'] : [];
  if (!hasConditions(rules)) {
    return ['#REQUIRE_VERSION=2.2', ...(isTls ? ['#REQUIRE_OPTIONS=OPENSSL'] : []), ...openssl];
  }
  const condition = `version_atleast(2.5-dev0)${isTls ? ' && feature(OPENSSL)' : ''}`;
  // Those who run a test by hand do not name the program.
  return [`feature cmd "$\{HAPROXY_PROGRAM:-haproxy} -cc '${condition}'"`, ...openssl];
}
