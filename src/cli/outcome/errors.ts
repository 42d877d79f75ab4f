import { escapeControl, escapeLines } from '../../trace/text/escape.ts';

/** Something that the user can put right: told in one line, without a stack. */
export class KnownError extends Error {
  override readonly name = 'KnownError';
}

const BY_CODE: ReadonlyMap<string, string> = new Map([
  ['EBADF', 'it is not open for that'],
  ['EACCES', 'permission denied'],
  ['EEXIST', 'it exists already, and is something else'],
  ['EPERM', 'operation not permitted'],
  ['EISDIR', 'is a directory'],
  ['ELOOP', 'too many symbolic links'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ENOENT', 'no such file or directory'],
  ['ENOSPC', 'no space left on the device'],
  ['ENOTDIR', 'a part of the path is not a directory'],
  ['Z_BUF_ERROR', 'its compressed data are cut short'],
  ['Z_DATA_ERROR', 'its compressed data are damaged'],
]);

/** The code of an error of the operating system or of zlib, e.g. `ENOENT`; null for any other. */
export function systemCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  // Node's own codes look like ERR_STREAM_DESTROYED.
  return typeof error.code === 'string' && /^(?:E[A-Z0-9]+|Z_[A-Z_]+)$/.test(error.code)
    ? error.code
    : null;
}

/**
 * An error of the operating system or of zlib in plain words, with its code; of a known error what
 * it says. Any other error is thrown again: it is not about the file.
 */
export function systemErrorText(error: unknown): string {
  if (error instanceof KnownError) return error.message;
  const code = systemCode(error);
  if (code === null) throw error;
  const words = BY_CODE.get(code);
  return words === undefined ? `failed with ${code}` : `${words} (${code})`;
}

/**
 * An error that is our fault, with its stack.
 *
 * @param path of the trace that brought it up, when it is known
 */
export function internalErrorText(error: unknown, path: string | null = null): string {
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const trace = path === null ? 'the trace' : escapeControl(path);
  return `replay: internal error, please report it with ${trace}\n${escapeLines(details)}\n`;
}
