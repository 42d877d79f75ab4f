import { resolve } from 'node:path';
import { REPORTER_NAMES, type ReporterName } from '../../report/formats/names.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import type { Source } from '../files/paths.ts';
import { realTarget } from '../files/target.ts';
import { KnownError, systemCode } from '../outcome/errors.ts';
import { unknownName } from '../outcome/unknown-name.ts';
import type { Host } from '../streams/host.ts';

/** Standard output as a file's name. */
const STDOUT_NAMES: readonly string[] = ['-', '/dev/stdout'];

/** Where a report goes: a file by its path, or a stream of this process. */
export type Destination = { readonly path: string } | 'stdout' | 'stderr';

/** A reporter that was asked for. */
export interface ReporterRequest {
  readonly name: ReporterName;
  readonly to: Destination;
}

function isName(name: string): name is ReporterName {
  return (REPORTER_NAMES as readonly string[]).includes(name);
}

function parseRequest(value: string): ReporterRequest {
  const at = value.indexOf('=');
  const name = at === -1 ? value : value.slice(0, at);
  if (!isName(name)) throw unknownName('reporter', name, REPORTER_NAMES);
  if (at === -1) return { name, to: 'stdout' };
  const path = value.slice(at + 1);
  if (path === '') {
    throw new KnownError(`the reporter ${name} has an empty file name; write ${name}=<file>`);
  }
  return { name, to: STDOUT_NAMES.includes(path) ? 'stdout' : { path } };
}

/**
 * The reporters of a run, from the values of `--reporter`. People get the reporter `pretty` on
 * standard output, unless it was sent elsewhere or standard output was given to another one. Under
 * GitHub Actions, which reads both streams, annotations go to standard error by themselves.
 *
 * @throws KnownError for an unknown name, an empty file name, and two reporters on standard output
 */
export function parseReporters(
  values: readonly string[],
  env: Host['env'],
): readonly ReporterRequest[] {
  const requests = values.map(parseRequest);
  const onStdout = requests.filter(({ to }) => to === 'stdout').map(({ name }) => name);
  if (onStdout.length > 1) {
    const names = onStdout.join(' and ');
    const example = `--reporter ${onStdout[1] ?? 'json'}=<file>`;
    throw new KnownError(
      `two reporters on standard output: ${names}; give all but one a file: ${example}`,
    );
  }
  const named = (name: ReporterName): boolean => requests.some((each) => each.name === name);
  if (onStdout.length === 0 && !named('pretty')) requests.unshift({ name: 'pretty', to: 'stdout' });
  if (env.GITHUB_ACTIONS === 'true' && !named('github')) {
    requests.push({ name: 'github', to: 'stderr' });
  }
  return requests;
}

/** The one real name of a file; of one in a folder that does not exist, the nearest to it. */
async function realName(path: string): Promise<string> {
  try {
    return await realTarget(path);
  } catch (error) {
    // That nothing can be written there is told when it is tried.
    if (systemCode(error) === null && !(error instanceof KnownError)) throw error;
    return resolve(path);
  }
}

/**
 * Makes sure that every report has a file of its own, which is none that is read.
 *
 * @throws KnownError for two reporters on one file, and for a report in the place of an input
 */
export async function checkDestinations(
  requests: readonly ReporterRequest[],
  inputs: readonly Pick<Source, 'path' | 'stdin'>[],
): Promise<void> {
  const names = new Map<string, ReporterName>();
  for (const { name, to } of requests) {
    if (typeof to === 'string') continue;
    const real = await realName(to.path);
    const other = names.get(real);
    const path = escapeControl(to.path);
    if (other !== undefined) {
      const hint = 'give each a file of its own';
      throw new KnownError(`two reporters on the same file ${path}: ${other} and ${name}; ${hint}`);
    }
    names.set(real, name);
  }
  if (names.size === 0) return;
  for (const { path, stdin } of inputs) {
    const name = stdin ? undefined : names.get(await realName(path));
    if (name === undefined) continue;
    throw new KnownError(`the report ${name} would replace ${escapeControl(path)}, which is read`);
  }
}

/**
 * Makes sure that what draws one trace has one, and that what shows traces has any.
 *
 * @param traces how many there are; 0 where none is replayed under one rule set
 * @param hasSteps what is told has all steps of each trace
 * @throws KnownError for a drawing of many traces, or of none that is replayed
 */
export function checkDrawings(
  requests: readonly ReporterRequest[],
  traces: number,
  hasSteps = traces > 0,
): void {
  if (!hasSteps && requests.some(({ name }) => name === 'html')) {
    throw new KnownError(
      'the reporter html shows traces step by step, as replay and compare take them',
    );
  }
  if (traces === 1 || !requests.some(({ name }) => name === 'svg')) return;
  const what = traces === 0 ? 'as replay takes it' : `and there are ${traces}`;
  throw new KnownError(`the reporter svg draws one trace, ${what}`);
}
