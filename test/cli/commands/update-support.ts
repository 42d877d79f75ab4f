import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIVERGING, type Ended, type Given, inFolder, replay, trace } from '../run.ts';

/** What a run left behind: the files as text, by path. */
export interface Left extends Ended {
  readonly files: Readonly<Record<string, string>>;
}

/** Every file below a folder; nothing else may be left behind either. */
export function filesIn(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

/** Runs `replay` in a folder that holds the given files. */
export function updateIn(
  files: Readonly<Record<string, string | Uint8Array>>,
  args: readonly string[],
  given: Given = {},
): Promise<Left> {
  return inFolder(async (cwd) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(cwd, path, '..'), { recursive: true });
      writeFileSync(join(cwd, path), content);
    }
    const ended = await replay(args, { cwd, ...given });
    return { ...ended, files: filesIn(cwd) };
  });
}

/** Events, each without expectations. */
export const NEW = { event: 'session_new', sess: 's1', fe: 'fe' };
export const CONNECT = {
  event: 'connect_server',
  strm: 't1',
  sess: 's1',
  target: 'b/srv',
  conn: 'c1',
};
export const DETACH = { event: 'detach', strm: 't1' };

/** What an update makes of DIVERGING. */
export const UPDATED = DIVERGING.replace(
  '"owner":null,"flags":["PRIVATE"]',
  '"owner":"s1","flags":[]',
).replace('"s1!freed"', '"s1"');
/** The allocation fails, and the modelled program does not look. */
export const CRASHING = trace(NEW, {
  ...CONNECT,
  conn: undefined,
  fail: ['connection'],
  expect: { ret: 'INTERNAL' },
}).replace('"b":{}', '"b":{"http-reuse":"never"}');
/** A stream leaves twice. */
export const IMPOSSIBLE = trace(NEW, { ...CONNECT, expect: { ret: 'RESOURCE' } }, DETACH, {
  ...DETACH,
  note: 'again',
});
/** The stream gets the idle connection, not one that is called c9. */
export const CLAIMING = trace(NEW, CONNECT, DETACH, {
  ...CONNECT,
  strm: 't2',
  conn: 'c9',
  not_first: true,
  expect: { ret: 'RESOURCE' },
});
