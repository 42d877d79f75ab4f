import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A block of a tar archive. */
const BLOCK = 512;

function textAt(block: Buffer, from: number, length: number): string {
  const [text = ''] = block.toString('latin1', from, from + length).split('\0');
  return text;
}

/** The files of a `….tar.gz`, by name. */
function* filesOf(archive: string): Generator<readonly [name: string, bytes: Buffer]> {
  const all = gunzipSync(readFileSync(archive));
  for (let at = 0; at + BLOCK <= all.length && all[at] !== 0; ) {
    const head = all.subarray(at, at + BLOCK);
    const size = Number.parseInt(textAt(head, 124, 12), 8);
    at += BLOCK;
    if (textAt(head, 156, 1) === '0') yield [textAt(head, 0, 100), all.subarray(at, at + size)];
    at += Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** The traces in the archives of a folder, one archive after the other; none without the folder. */
export function* archivedTraces(
  folder: string,
): Generator<readonly [archive: string, traces: ReadonlyMap<string, Buffer>]> {
  const archives = existsSync(folder) ? readdirSync(folder).sort() : [];
  for (const name of archives.filter((each) => each.endsWith('.tar.gz'))) {
    const files = [...filesOf(join(folder, name))];
    yield [name, new Map(files.filter(([file]) => file.endsWith('.jsonl')))];
  }
}
