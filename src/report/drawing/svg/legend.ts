import type { Picture } from '../../../picture/picture.ts';
import { SEGMENT_STATES } from '../../../picture/picture.ts';
import { glue, type Item, inline, type Text, text } from '../../text/layout.ts';
import type { Columns } from '../columns.ts';
import { DANGLES, GLYPHS, MORE, STATE_WORDS } from '../glyphs.ts';
import { seenIn, sessionItems } from '../headings.ts';
import { CLASS_OF, cross, isTold, stroke } from './lanes.ts';
import { COLUMN, LINE } from './style.ts';
import { label, MARKED, textLine } from './text.ts';

/** A piece of a lane, or a character, and what it means. */
interface Entry {
  /** Draws it in the middle of some columns; null where the words begin with it. */
  readonly sample: ((x: number, y: number) => string) | null;
  readonly words: Text;
}

/** Columns of a sample, with what is between it and its words. */
const SAMPLE_COLUMNS = 3;
const GAP_COLUMNS = 3;
const BASELINE = 5;
/** Half the height of a piece of a lane. */
const REACH = 8;

function worded(item: Item): Entry {
  return { sample: null, words: inline([item]) };
}

function drawn(says: string, sample: Entry['sample']): Entry {
  return { sample, words: text(says, MARKED.faint) };
}

function lane(name: string): NonNullable<Entry['sample']> {
  return (x, y) => stroke(name, `M${x} ${y - REACH}V${y + REACH}`);
}

function entriesOf(picture: Picture, columns: Columns): Entry[] {
  const seen = seenIn(picture);
  const entries = sessionItems(picture, columns, MARKED).map(worded);
  if (seen.idleConns) {
    entries.push(worded([text('A1'), text('keeps 1 idle', MARKED.faint)]));
  }
  for (const state of SEGMENT_STATES) {
    if (!seen.states.has(state)) continue;
    const words = STATE_WORDS[state];
    const glyph = GLYPHS.unicode.states[state];
    if (state === 'freed') entries.push(drawn(words, (x, y) => cross('', x, y)));
    else if (isTold(state))
      entries.push(drawn(words, (x, y) => label(glyph, 'glyph', x, y + BASELINE)));
    else entries.push(drawn(words, lane(CLASS_OF[state])));
    if (state === 'in use' && seen.several)
      entries.push(drawn('by several streams', lane('several')));
  }
  if (seen.owned) {
    entries.push(
      drawn('owned by A', (x, y) => lane('use')(x - 3, y) + label('A', 'letter', x + 4, y + 4)),
    );
  }
  if (seen.dangles) {
    const mark = text(DANGLES, MARKED.bad);
    entries.push(worded([mark, text('its owner is freed', MARKED.faint)]));
  }
  if (seen.moves.left || seen.moves.right) {
    entries.push(
      drawn('taken over by another thread', (x, y) =>
        stroke(
          'move',
          `M${x - REACH} ${y}H${x + REACH}M${x + 4} ${y - 4}L${x + REACH} ${y}L${x + 4} ${y + 4}`,
        ),
      ),
    );
  }
  const folded = (['sessions', 'connections'] as const).filter((kind) => columns.folded[kind]);
  if (folded.length > 0) {
    const says = `${folded.join(' and ')} without a lane here`;
    entries.push(worded([text(`${MORE}1`), text(says, MARKED.faint)]));
  }
  return entries;
}

/** What the lanes of a drawing mean, over as many lines as it takes. */
export function legend(
  picture: Picture,
  columns: Columns,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
): { readonly shapes: string; readonly bottom: number } {
  let shapes = '';
  let [column, middle] = [0, y + LINE / 2];
  for (const { sample, words } of entriesOf(picture, columns)) {
    const lead = sample === null ? 0 : SAMPLE_COLUMNS;
    if (column > 0 && column + lead + words.columns > width) [column, middle] = [0, middle + LINE];
    const left = x + column * COLUMN;
    if (sample !== null) shapes += sample(left + COLUMN, middle);
    shapes += textLine(glue(words).painted, left + lead * COLUMN, middle + BASELINE);
    column += lead + words.columns + GAP_COLUMNS;
  }
  return { shapes, bottom: middle + LINE / 2 };
}
