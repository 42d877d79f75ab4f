import type { Picture } from '../../picture/picture.ts';

/** Steps `from` to `to`, the last one excluded; null: to the end. */
export interface Span {
  readonly from: number;
  readonly to: number | null;
}

/** When more than one stream uses a connection, by its place; connections without such a time lack. */
export function togetherOn({
  connections,
  streams,
}: Picture): ReadonlyMap<number, readonly Span[]> {
  const changes = new Map<number, [step: number, by: number][]>();
  for (const { connection, from, to } of streams) {
    const all = changes.get(connection) ?? [];
    all.push([from, 1]);
    if (to !== null) all.push([to, -1]);
    changes.set(connection, all);
  }
  const spans = new Map<number, Span[]>();
  for (const [place, all] of changes) {
    all.sort(([one], [other]) => one - other);
    const crowded = crowdedSpans(all);
    const used = (connections[place]?.segments ?? []).filter(({ state }) => state === 'in use');
    const shown = crowded.flatMap((span) =>
      [...within(used, span)].flatMap((each) => overlapOf(span, each) ?? []),
    );
    if (shown.length > 0) spans.set(place, shown);
  }
  return spans;
}

function crowdedSpans(changes: readonly (readonly [step: number, by: number])[]): Span[] {
  const spans: Span[] = [];
  let count = 0;
  let since: number | null = null;
  changes.forEach(([step, by], at) => {
    count += by;
    // What happens in one step is one change.
    if (changes[at + 1]?.[0] === step) return;
    if (count > 1) since ??= step;
    else if (since !== null) {
      spans.push({ from: since, to: step });
      since = null;
    }
  });
  if (since !== null) spans.push({ from: since, to: null });
  return spans;
}

/** The later one of two beginnings, and the earlier one of two ends. */
export function overlapOf(one: Span, other: Span): Span | null {
  const from = Math.max(one.from, other.from);
  const end = Math.min(one.to ?? Number.POSITIVE_INFINITY, other.to ?? Number.POSITIVE_INFINITY);
  if (from >= end) return null;
  return { from, to: Number.isFinite(end) ? end : null };
}

/** Those of some times, one after the other, that have something in common with another. */
export function* within<Time extends Span>(times: readonly Time[], span: Span): Generator<Time> {
  let low = 0;
  for (let high = times.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((times[middle]?.to ?? Number.POSITIVE_INFINITY) <= span.from) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < times.length; at++) {
    const time = times[at];
    if (time === undefined || (span.to !== null && time.from >= span.to)) return;
    yield time;
  }
}
