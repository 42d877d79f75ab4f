import { fold } from '../text/fold.ts';
import { glue, type Text } from '../text/layout.ts';

/** What a step says gets this part of a line at least, within these columns. */
const TEXT_SHARE = 0.6;
const TEXT_MIN = 30;
const TEXT_MAX = 64;

/** Columns for lanes: what steps say must remain readable beside them. */
export function roomFor(width: number): number {
  return width - Math.min(TEXT_MAX, Math.max(TEXT_MIN, Math.floor(width * TEXT_SHARE)));
}

/** Lines beside lanes: those that are too wide go on below, beside lanes as well. */
export function* beside(
  lanes: Text,
  below: () => Text,
  said: string,
  width: number,
): Generator<string> {
  let isFirst = true;
  for (const line of fold(said, width).split('\n')) {
    yield glue(isFirst ? lanes : below(), { painted: line, columns: 0 }).painted.trimEnd();
    isFirst = false;
  }
}
