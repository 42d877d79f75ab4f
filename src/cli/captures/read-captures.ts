import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import type { Importer } from '../../import/index.ts';
import { count } from '../../report/text/layout.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { checkName } from '../files/names.ts';
import { STDIN_ARGUMENT, STDIN_NAME } from '../files/paths.ts';
import { bytesOf } from '../files/source-bytes.ts';
import { KnownError, systemErrorText } from '../outcome/errors.ts';
import { breathe } from '../streams/breathe.ts';
import type { Host } from '../streams/host.ts';
import { ProgressLine } from '../streams/progress-line.ts';

/** What takes the bytes of captures. */
export interface CaptureSink {
  /** Takes the next bytes, which may be used again afterwards; false: no more is wanted. */
  write(chunk: Uint8Array): boolean;
  /** The next file begins. */
  nextFile?(): void;
}

/**
 * Reads captures one after the other, as if they were one.
 *
 * @param says what has become of so many bytes, for a terminal
 * @throws KnownError for one that cannot be read
 */
export async function readCaptures(
  captures: readonly string[],
  sink: CaptureSink,
  says: (bytes: number) => string,
  { host, stop }: { readonly host: Host; readonly stop: AbortSignal },
): Promise<void> {
  const progress = new ProgressLine(host);
  let bytes = 0;
  for (const [at, path] of captures.entries()) {
    if (at > 0) sink.nextFile?.();
    const isStdin = path === STDIN_ARGUMENT;
    try {
      checkName(path);
      const stdin = isStdin ? addAbortSignal<Readable>(stop, host.stdin) : null;
      const isRegular = !isStdin && (await stat(path)).isFile();
      for await (const chunk of bytesOf({ path, isRegular }, stdin)) {
        bytes += chunk.length;
        if (!sink.write(chunk)) return;
        await breathe(stop);
        await progress.show(() => says(bytes));
      }
    } catch (error) {
      if (stop.aborted) throw error;
      const name = escapeControl(isStdin ? STDIN_NAME : path);
      throw new KnownError(`${name}: cannot be read: ${systemErrorText(error)}`);
    } finally {
      await progress.clear();
    }
  }
}

function nothingThere(captures: readonly string[]): KnownError {
  const names = captures.map((path) => escapeControl(path)).join(', ');
  const what = 'no record of h1, h2 or fcgi, and no log line that begins with replay1';
  return new KnownError(
    `${names}: nothing to import: there is ${what}; replay capture-recipe says how to get them`,
  );
}

/** What has become of so many bytes of captures that are imported: whole MB, and events. */
export function importProgress(importer: Importer): (bytes: number) => string {
  return (bytes) => `${Math.round(bytes / 1e6)} MB, ${count(importer.writer.total, 'event')}`;
}

/** @throws KnownError when captures that were read to their end hold nothing */
export function checkImported({ lines }: Importer, captures: readonly string[]): void {
  if (lines.records + lines.logs === 0) throw nothingThere(captures);
}

/**
 * Imports captures as if they were one, to their end.
 *
 * @throws KnownError for one that cannot be read, and when they hold nothing
 */
export async function importCaptures(
  captures: readonly string[],
  importer: Importer,
  running: { readonly host: Host; readonly stop: AbortSignal },
): Promise<void> {
  const sink: CaptureSink = {
    write(chunk) {
      importer.write(chunk);
      return true;
    },
    nextFile: () => importer.nextFile(),
  };
  await readCaptures(captures, sink, importProgress(importer), running);
  importer.end();
  checkImported(importer, captures);
}

/** The title of a trace that captures have become. */
export function titleOf(captures: readonly string[]): string {
  const names = captures.map((path) => (path === STDIN_ARGUMENT ? STDIN_NAME : basename(path)));
  return `imported from ${names.join(', ')}`;
}
