import type { Group, Picture, SegmentState } from '../../picture/picture.ts';
import { SEGMENT_STATES } from '../../picture/picture.ts';
import { columnsOf, flow, glue, type Item, text } from '../text/layout.ts';
import type { Palette } from '../text/palette.ts';
import { idText } from '../text/value.ts';
import { type Columns, startOf } from './columns.ts';
import { DANGLES, type Glyphs, letterOf, MORE, STATE_WORDS } from './glyphs.ts';
import { ownerPaint } from './lane-rows.ts';
import { togetherOn } from './together.ts';

/** Sessions that a legend names by their ids; where there are more, their first steps do. */
const NAMED_MAX = 6;

/** Columns of an id in a legend: rows have it whole. */
const ID_COLUMNS = 24;
const MORE_TEXT = '...';

/** A text that takes no more than some columns: what is cut off stands elsewhere. */
function clipped(plain: string, columns: number): string {
  if (columnsOf(plain) <= columns) return plain;
  let kept = '';
  for (const character of plain) {
    if (columnsOf(kept + character) > columns - MORE_TEXT.length) break;
    kept += character;
  }
  return kept + MORE_TEXT;
}

/** Whether threads have to be told apart. */
function isThreaded({ groups }: Pick<Picture, 'groups'>): boolean {
  return groups.some(({ thread }) => thread !== 0);
}

/** What lanes are of: `sessions`, `b/srv`, with the thread where there are several. */
function groupName({ kind, target, thread }: Group, threaded: boolean): string {
  const name = kind === 'sessions' ? 'sessions' : idText(target ?? '');
  return threaded ? `${name}, thread ${thread}` : name;
}

/** What stands above a column. */
export interface Heading {
  readonly column: number;
  readonly name: string;
}

/** The names of groups, each above the first of its lanes. */
export function headingsOf(picture: Pick<Picture, 'groups'>, columns: Columns): Heading[] {
  const threaded = isThreaded(picture);
  return columns.groups.map((group) => ({
    column: startOf(group, columns),
    name: groupName(group, threaded),
  }));
}

/** A line for each heading, from left to right. */
export function headingLines(
  headings: readonly Heading[],
  { corner, stem }: Glyphs,
  { palette: { faint }, width }: { readonly palette: Palette; readonly width: number },
): string[] {
  return headings.map(({ column, name }, at) => {
    let lead = '';
    for (const before of headings.slice(0, at)) lead = `${lead.padEnd(before.column)}${stem}`;
    const margin = `${lead.padEnd(column)}${corner} `;
    const fitting = clipped(name, width - margin.length);
    return glue(text(margin, faint), text(fitting, faint)).painted;
  });
}

/** What a picture has of what a legend explains. */
export interface Seen {
  readonly states: ReadonlySet<SegmentState>;
  readonly several: boolean;
  readonly owned: boolean;
  readonly dangles: boolean;
  /** Connections go on in a lane to the right, and to the left. */
  readonly moves: { readonly right: boolean; readonly left: boolean };
  readonly idleConns: boolean;
}

/** Looks for what a legend explains. */
export function seenIn(picture: Picture): Seen {
  const { connections, sessions } = picture;
  const states = new Set<SegmentState>();
  const moves = { right: false, left: false };
  let [owned, dangles] = [false, false];
  for (const { segments, stays } of connections) {
    stays.forEach(({ lane }, at) => {
      const before = stays[at - 1]?.lane ?? lane;
      if (before < lane) moves.right = true;
      if (before > lane) moves.left = true;
    });
    for (const segment of segments) {
      states.add(segment.state);
      if (segment.owner !== null && segment.state !== 'freed') owned = true;
      if (segment.dangles) dangles = true;
    }
  }
  const idleConns = sessions.some((each) => each.idleConns.some(([, count]) => count !== 0));
  return { states, several: togetherOn(picture).size > 0, owned, dangles, moves, idleConns };
}

/** Which session has which letter: by their ids while they are few, else in one sentence. */
export function sessionItems(
  { sessions }: Picture,
  { placeOf }: Columns,
  palette: Palette,
): Item[] {
  const shown = sessions.filter(({ lane }) => lane !== null && placeOf.has(lane));
  if (shown.length === 0) return [];
  if (shown.length <= NAMED_MAX) {
    return shown.map(({ id, lane }) => [
      text(letterOf(lane ?? 0), ownerPaint(palette, lane)),
      text(clipped(idText(id), ID_COLUMNS)),
    ]);
  }
  return [[text('A-Z'), text('sessions, from the step on that makes them')]];
}

/** What the characters of pictures mean: those that they have, and no other. */
export function legendLine(
  pictures: readonly Picture[],
  columns: Columns,
  { states, several, toRight, toLeft }: Glyphs,
  { palette, width }: { readonly palette: Palette; readonly width: number },
): string {
  const seen = pictures.map(seenIn);
  const has = (is: (each: Seen) => boolean): boolean => seen.some(is);
  const entry = (glyph: string, says: string): Item => [text(glyph), text(says, palette.faint)];
  const [first] = pictures;
  const items: Item[] = first === undefined ? [] : sessionItems(first, columns, palette);
  if (has(({ idleConns }) => idleConns)) items.push(entry('A1', 'keeps 1 idle'));
  for (const state of SEGMENT_STATES) {
    if (has((each) => each.states.has(state))) {
      items.push(entry(states[state], STATE_WORDS[state]));
    }
    const isSeveral = state === 'in use' && has((each) => each.several);
    if (isSeveral) items.push(entry(several, 'by several streams'));
  }
  if (has(({ owned }) => owned)) items.push(entry(`${states['in use']}A`, 'owned by A'));
  if (has(({ dangles }) => dangles)) {
    items.push([text(DANGLES, palette.bad), text('its owner is freed', palette.faint)]);
  }
  for (const [isSeen, glyph] of [
    [has(({ moves }) => moves.left), toLeft],
    [has(({ moves }) => moves.right), toRight],
  ] as const) {
    if (isSeen) items.push(entry(glyph, 'taken over by another thread'));
  }
  return flow(text('  '), items, { width, indent: 2, gap: 3 });
}

/** What the number behind folded lanes means, where there are any. */
export function foldedLine(
  { folded }: Columns,
  { palette }: { readonly palette: Palette },
): string | null {
  const kinds = (['sessions', 'connections'] as const).filter((kind) => folded[kind] !== null);
  if (kinds.length === 0) return null;
  return palette.faint(
    `  ${MORE}1 counts ${kinds.join(' and ')} without a lane of their own: less happens there`,
  );
}
