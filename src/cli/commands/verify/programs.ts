import { access, constants } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { type RuleSet, ruleSetNames } from '../../../engine/index.ts';
import { type Backport, ruleSetFor } from '../../../history/index.ts';
import type { Verifier } from '../../../report/verified/result.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import { ruleSetNamed } from '../../arguments/rule-set.ts';
import { KnownError, systemErrorText } from '../../outcome/errors.ts';
import { runProgram } from './processes.ts';

const VERSION_MS = 10_000;

/**
 * The full path of a program, as a shell would find it.
 *
 * @throws KnownError when there is none
 */
export async function programAt(
  name: string,
  option: string,
  { path, hint }: { readonly path: string; readonly hint: string },
): Promise<string> {
  const places = name.includes('/')
    ? [resolve(name)]
    : [...path.split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'].map((folder) =>
        resolve(folder === '' ? '.' : folder, name),
      );
  for (const place of places) {
    try {
      await access(place, constants.X_OK);
      return place;
    } catch {
      // Perhaps in the next folder.
    }
  }
  throw new KnownError(`${option} ${escapeControl(name)}: there is no such program; ${hint}`);
}

/** What a program says it is, and the rule set that stands for it. */
export type Judged = Verifier & {
  readonly set: RuleSet;
  /** What its branch may have changed since. */
  readonly changes: readonly Backport[];
  /** Major and minor number. */
  readonly numbers: readonly [number, number];
};

/**
 * Which HAProxy it is, and which rule set stands for it.
 *
 * @param asked the rule set that is asked for; undefined: the one that answers for the version
 * @throws KnownError for what is no HAProxy, and for one that no rule set answers for
 */
export async function judgedBy(
  haproxy: string,
  asked: string | undefined,
  stop: AbortSignal,
): Promise<Judged> {
  const what = `--haproxy ${escapeControl(haproxy)}`;
  let output = '';
  let isLate = false;
  try {
    ({ output, isLate } = await runProgram(haproxy, ['-v'], { milliseconds: VERSION_MS, stop }));
  } catch (error) {
    if (stop.aborted) throw error;
    throw new KnownError(`${what}: cannot be started: ${systemErrorText(error)}`);
  }
  const [, version, major, minor] = /HA-?Proxy version ((\d+)\.(\d+)[^\s]*)/.exec(output) ?? [];
  if (version === undefined && isLate) {
    throw new KnownError(`${what}: -v does not end within ${VERSION_MS / 1000} seconds`);
  }
  if (version === undefined) {
    throw new KnownError(`${what}: -v does not say which version of HAProxy it is`);
  }
  const numbers = [Number(major), Number(minor)] as const;
  if (asked !== undefined) {
    const set = ruleSetNamed(asked, null);
    return { version, rules: set.id, since: [], set, changes: [], numbers };
  }
  const answer = ruleSetFor(version) ?? ruleSetFor(`${major}.${minor}`);
  if (answer === null || !('set' in answer)) {
    const near = [answer?.before?.id, answer?.after?.id].filter((id) => id !== undefined);
    const or = near.length === 0 ? ruleSetNames() : near;
    throw new KnownError(
      `${what}: no rule set answers for HAProxy ${escapeControl(version)}; --rules names one, as ${or.join(' or ')}`,
    );
  }
  const since = answer.since.map(({ bug, commits }) => ({
    bug,
    commits: commits.map(({ id }) => id),
  }));
  const { set, since: changes } = answer;
  return { version, rules: set.id, since, set, changes, numbers };
}
