import type { Stats } from 'node:fs';

/** Why a file of somebody else is not replaced. */
export const FOREIGN =
  'it belongs to another user or group, and a new file in its place could not; ' +
  'use a file of your own';

/** Who asks: the ids of a process. */
export interface User {
  readonly uid: number;
  readonly groups: readonly number[];
}

/** The user of this process; null where the system has none. */
export function thisUser(): User | null {
  const { geteuid, getegid, getgroups } = process;
  if (geteuid === undefined || getegid === undefined || getgroups === undefined) return null;
  return { uid: geteuid(), groups: [getegid(), ...getgroups()] };
}

/**
 * Why a file cannot be replaced by a new one without changing what it is; null when it can. A new
 * file takes one name only, and only root gives files away.
 */
export function reasonToKeep(
  { nlink, uid, gid }: Pick<Stats, 'nlink' | 'uid' | 'gid'>,
  user = thisUser(),
): string | null {
  if (nlink > 1) {
    return (
      `it has ${nlink} names (hard links), and the others would keep the old content; ` +
      'use another file'
    );
  }
  if (user === null || user.uid === 0) return null;
  return uid === user.uid && user.groups.includes(gid) ? null : FOREIGN;
}
