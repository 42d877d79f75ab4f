/** A version of HAProxy, as people spell it. */
export interface Version {
  /** What it is a version of, e.g. `2.4`. */
  readonly branch: string;
  /**
   * Its place among all versions, to be compared number by number: major, minor, and within the
   * branch: negative for a development version, infinite where a branch alone is named.
   */
  readonly place: readonly [major: number, minor: number, within: number];
}

// What a distribution or a build adds behind a whole version is no part of it: 2.6.12-1+deb12u1.
const SPELLING = /^v?(\d{1,3})\.(\d{1,3})(?:-dev(\d{1,3})|\.(\d{1,4})(?:[-+~][\w.+~-]*)?)?$/;
/** Below any number of a release, above none of a development version. */
const DEVELOPMENT = -1000;

/** Reads `2.4`, `v2.4`, `2.4.22`, `3.5-dev5`; null: it is no version. */
export function versionOf(spelt: string): Version | null {
  const [, major, minor, dev, patch] = SPELLING.exec(spelt) ?? [];
  if (major === undefined || minor === undefined) return null;
  let within = Number.POSITIVE_INFINITY;
  if (dev !== undefined) within = DEVELOPMENT + Number(dev);
  else if (patch !== undefined) within = Number(patch);
  const branch = `${Number(major)}.${Number(minor)}`;
  return { branch, place: [Number(major), Number(minor), within] };
}

/** Reads a version that stands in a table of this program. */
export function knownVersion(spelt: string): Version {
  const version = versionOf(spelt);
  if (version === null) throw new Error(`${spelt} is no version`);
  return version;
}

/** Whether a version came before another one; a branch alone stands for its newest version. */
export function isBefore(one: Version, other: Version): boolean {
  for (const [at, number] of one.place.entries()) {
    const difference = number - (other.place[at] ?? 0);
    if (difference < 0) return true;
    if (difference > 0) return false;
  }
  return false;
}
