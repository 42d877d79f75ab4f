import type { StreamLink } from './picture.ts';
import type { ConnectionRecord, Open } from './records.ts';

/** Lets a stream hold a connection from a step on. */
export function attach(
  record: ConnectionRecord,
  id: string,
  session: number | null,
  from: number,
): StreamLink {
  const link: Open<StreamLink> = {
    id,
    connection: record.place,
    session,
    from,
    orphaned: null,
    to: null,
  };
  record.links.set(id, link);
  return link;
}

/** What has come and gone between two lists, which have most in common at either end. */
function difference(
  before: readonly string[],
  after: readonly string[],
): { readonly gone: readonly string[]; readonly come: readonly string[] } {
  const least = Math.min(before.length, after.length);
  let start = 0;
  while (start < least && before[start] === after[start]) start++;
  let end = 0;
  while (end < least - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const gone = new Set(before.slice(start, before.length - end));
  const come = after.slice(start, after.length - end).filter((id) => !gone.delete(id));
  return { gone: [...gone], come };
}

/**
 * Ends the links of streams that have left a connection, and notes those that are orphans now.
 *
 * @param streams those that hold the connection after the step
 * @param orphans those that left while blocked
 * @returns streams that have come, which have no link yet
 */
export function follow(
  record: ConnectionRecord,
  streams: readonly string[],
  orphans: readonly string[],
  step: number,
): readonly string[] {
  const { links } = record;
  const attached = difference(record.streams, streams);
  const left = difference(record.orphans, orphans);
  record.streams = streams;
  record.orphans = orphans;
  for (const id of left.come) {
    const link = links.get(id);
    if (link !== undefined) link.orphaned = step;
  }
  const stays = new Set(left.come);
  for (const id of [...attached.gone, ...left.gone]) {
    const link = links.get(id);
    if (link === undefined || stays.has(id)) continue;
    link.to = step;
    links.delete(id);
  }
  return attached.come.filter((id) => !links.has(id));
}
