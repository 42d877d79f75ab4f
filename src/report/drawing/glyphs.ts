import type { SegmentState } from '../../picture/picture.ts';

/** Which characters pictures are drawn with. */
export const GLYPH_SETS = ['unicode', 'ascii'] as const;

/** The name of a set of characters. */
export type GlyphSetName = (typeof GLYPH_SETS)[number];

/** The characters of a picture that is made of text: each takes one column. */
export interface Glyphs {
  /** A connection that is so; `in use` by one stream. */
  readonly states: Readonly<Record<SegmentState, string>>;
  /** In use by more than one stream. */
  readonly several: string;
  /** A session ends. */
  readonly ended: string;
  /** A connection goes on in a lane to the right, or to the left: another thread has taken it. */
  readonly toRight: string;
  readonly toLeft: string;
  /** From a session to the connection that its stream is put on. */
  readonly link: string;
  /** Where the heading of some lanes begins, and what leads down from it. */
  readonly corner: string;
  readonly stem: string;
  /** Between the lanes of two rule sets. */
  readonly between: string;
  /** Before something that diverges. */
  readonly diverges: string;
}

/** The characters of each set. */
export const GLYPHS: Readonly<Record<GlyphSetName, Glyphs>> = {
  unicode: {
    states: {
      connecting: '┊',
      'in use': '┃',
      'session list': '◆',
      'session idle': '◇',
      safe: '□',
      idle: '○',
      available: '△',
      'to be removed': '▽',
      leaked: '?',
      freed: '×',
    },
    several: '║',
    ended: '×',
    toRight: '»',
    toLeft: '«',
    link: '─',
    corner: '╭',
    stem: '│',
    between: '│',
    diverges: '✗',
  },
  ascii: {
    states: {
      connecting: ':',
      'in use': '|',
      'session list': 'l',
      'session idle': 'k',
      safe: 's',
      idle: 'i',
      available: 'a',
      'to be removed': 'r',
      leaked: '?',
      freed: 'x',
    },
    several: '#',
    ended: 'x',
    toRight: '>',
    toLeft: '<',
    link: '-',
    corner: '.',
    stem: '|',
    between: '|',
    diverges: '*',
  },
};

/** Behind a lane: its owner is freed, and the pointer dangles. */
export const DANGLES = '!';
/** Behind a lane: its owner has no letter left. */
export const NO_LETTER = '*';
/** Before the number of those that have no lane of their own. */
export const MORE = '+';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The letter of a session, by its lane: no two that are alive at a time have the same. */
export function letterOf(lane: number): string {
  return LETTERS[lane] ?? NO_LETTER;
}

/** What a connection is, in the words of a legend. */
export const STATE_WORDS: Readonly<Record<SegmentState, string>> = {
  connecting: 'connecting',
  'in use': 'in use',
  'session list': 'listed by its session',
  'session idle': 'idle in its session',
  safe: 'safe',
  idle: 'idle',
  available: 'available',
  'to be removed': 'to be removed',
  leaked: 'leaked',
  freed: 'freed',
};
