import { columnsOf } from './layout.ts';

/** What stands before a command that is there to be copied. */
export const COMMAND_LABELS = { again: 'again', show: 'show it' } as const;

/** Joins a line of a shell command to the next one: nothing of both is left. */
const JOINED = '\\';
/** Columns further in that a continued line begins, where nothing says more. */
const STEP = 2;
/** How much further in than a line that stands what was beside it in a column without room. */
const BELOW = 4;
/** Columns that no such line has: it was to stand below a column without room. */
const OUTER = 2;
/** Behind these a long word may end a line: what it is made of stays whole. */
const SEAMS = new Set(['/', ',', ';', '(', '=', '.']);

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a palette puts around a text.
const STYLE = /\x1b\[[0-9;]*m/g;
/** A label, and the command behind it, with the styles of both. */
const COMMAND = new RegExp(
  `^((?:${STYLE.source})* +(?:${STYLE.source})*(?:${Object.values(COMMAND_LABELS).join('|')})` +
    `(?:${STYLE.source})* {2,}(?:${STYLE.source})* *)(?=(?:${STYLE.source})*replay )`,
);
/** A word of a shell command, as `shellQuote` writes it: blanks within quotes are part of it. */
const SHELL_WORDS = /(?:\$'(?:[^'\\]|\\.)*'|'[^']*'|\\.|[^ '])+/g;
const PLAIN_WORDS = /[^ ]+/g;
/** What must not be torn apart, by the quotes that a word begins with. */
const ATOMS: readonly (readonly [open: string, atoms: RegExp])[] = [
  ["$'", /\\x[0-9a-f]{2}|\\.|[^'\\]/gu],
  ["'", /'\\''|[^']/gu],
];

function bare(text: string): string {
  return text.replace(STYLE, '');
}

function columns(text: string): number {
  return columnsOf(bare(text));
}

/** The characters of a painted text; a style belongs to the character behind it. */
function charactersOf(painted: string): string[] {
  const style = `(?:${STYLE.source})*`;
  return painted.match(new RegExp(`${style}[\\s\\S](?:${style}$)?`, 'gu')) ?? [];
}

/** How many of the pieces fit into some columns; at least one, or else nothing would ever end. */
function fitting(pieces: readonly string[], room: number): number {
  let taken = 0;
  let used = 0;
  for (const piece of pieces) {
    used += columns(piece);
    if (used > room) break;
    taken++;
  }
  return Math.max(1, taken);
}

/** Where a word that is too long is cut: behind a seam in the second half of what fits. */
function cutAt(characters: readonly string[], room: number): number {
  const most = fitting(characters, room);
  for (let at = most; at > most / 2; at--) {
    if (SEAMS.has(bare(characters[at - 1] ?? ''))) return at;
  }
  return most;
}

/**
 * Where the continued lines begin: below what stands behind the last wide gap of the left half,
 * which is where a column begins; else a step further in than the line.
 */
function hangOf(plain: string, width: number): number {
  let hang = plain.length - plain.trimStart().length + STEP;
  for (const gap of plain.matchAll(/(?<=[^ ]) {2,}(?=[^ ])/g)) {
    const column = columnsOf(plain.slice(0, gap.index + gap[0].length));
    if (column <= width / 2) hang = column;
  }
  return Math.min(hang, Math.floor(width / 2));
}

function foldPlain(line: string, width: number): string[] {
  let hang = hangOf(bare(line), width);
  const lines: string[] = [];
  const half = Math.floor(width / 2);
  const start = (line.match(/^ */)?.[0] ?? '').length;
  const isBelow = start > half;
  if (isBelow) hang = OUTER + BELOW;
  let current = ' '.repeat(isBelow ? hang : start);
  let used = current.length;
  let isFresh = true;
  const next = (): void => {
    lines.push(current.trimEnd());
    current = ' '.repeat(hang);
    used = hang;
    isFresh = true;
  };
  let end = start;
  for (const { 0: word, index } of line.slice(start).matchAll(PLAIN_WORDS)) {
    const gap = start + index - end;
    end = start + index + word.length;
    let rest = word;
    let size = columns(rest);
    const isColumn = !isFresh && gap > 1 && used + gap > half;
    if (isColumn && !isBelow) hang = Math.min(start + BELOW, half);
    // On the next line it would have no more room where it stands in its column already.
    const isBetterBelow = used + gap > hang && used + gap + size > width;
    if (!isFresh && (isColumn || isBetterBelow)) next();
    else if (!isFresh) {
      current += ' '.repeat(gap);
      used += gap;
    }
    while (used + size > width && size > 1) {
      const characters = charactersOf(rest);
      const at = cutAt(characters, width - used);
      current += characters.slice(0, at).join('');
      rest = characters.slice(at).join('');
      size = columns(rest);
      next();
    }
    current += rest;
    used += size;
    isFresh = false;
  }
  lines.push(current.trimEnd());
  return lines;
}

/** A word of a command over several lines; the last of them may go on. */
function foldWord(word: string, first: number, width: number): string[] {
  const plain = bare(word);
  const [open, atoms] = ATOMS.find(([quote]) => plain.startsWith(quote)) ?? ['', /[\s\S]/gu];
  const close = open === '' ? '' : "'";
  const inner = plain.slice(open.length, plain.length - close.length);
  let left: readonly string[] = inner.match(atoms) ?? [];
  const lines: string[] = [];
  for (let room = first; left.length > 0; room = width) {
    const all = columnsOf(open + left.join('') + close);
    if (all <= room) break;
    const taken = fitting(left, room - open.length - close.length - JOINED.length);
    lines.push(`${open}${left.slice(0, taken).join('')}${close}${JOINED}`);
    left = left.slice(taken);
  }
  return [...lines, `${open}${left.join('')}${close}`];
}

function foldCommand(lead: string, command: string, width: number): string[] {
  const hang = Math.min(columns(lead), Math.floor(width / 2));
  const lines: string[] = [];
  let current = lead;
  let used = columns(lead);
  let isFresh = true;
  const words = [...command.matchAll(SHELL_WORDS)].map(([word]) => word);
  words.forEach((word, at) => {
    // Behind every word but the last there has to be room for what joins the lines.
    const most = at === words.length - 1 ? width : width - JOINED.length - 1;
    const size = columns(word);
    if (!isFresh && used + 1 + size > most) {
      lines.push(`${current} ${JOINED}`);
      current = ' '.repeat(hang);
      used = hang;
      isFresh = true;
    }
    if (!isFresh) {
      current += ' ';
      used++;
    }
    if (used + size <= most) {
      current += word;
      used += size;
    } else {
      // What joins the parts of a word is at the beginning of the next line: blanks would end it.
      const [first = '', ...others] = foldWord(word, most - used, most);
      current += first;
      for (const part of others) {
        lines.push(current);
        current = part;
      }
      used = columns(current);
    }
    isFresh = false;
  });
  return [...lines, current];
}

/**
 * Text for people, on a terminal: no line is wider than the terminal. Reporters lay text out for
 * its width, but leave a word whole, however long it is (names, paths and messages come from
 * outside); and whatever goes elsewhere than to a terminal stays as they made it, one line for
 * every message, so that it can be searched. Here, at last, a line that is still too wide goes on
 * in the next, between words where it can be; a word without room on a line of its own is cut,
 * behind a slash, comma or bracket if there is one. What continues a line stands below the column
 * that it is of, or further in.
 *
 * The commands behind `again` and `show it` can be copied as they stand: their lines end with a
 * backslash, and a word that is cut goes on in the first column, in quotes of its own if it has
 * some.
 *
 * @param text whole lines, or the part of a last one; in styles or without
 * @param width columns of the terminal
 * @returns the very same text when it fits
 */
export function fold(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => {
      // No character takes more than two.
      if (line.length * 2 <= width || columns(line) <= width) return line;
      const lead = COMMAND.exec(line)?.[0];
      if (lead === undefined) return foldPlain(line, width).join('\n');
      return foldCommand(lead, line.slice(lead.length), width).join('\n');
    })
    .join('\n');
}

/**
 * Makes long lines of what stands over several by hand, so that `fold` can set them anew: where one
 * is too wide, what goes on below it is joined to it.
 *
 * @param text of several lines, like a help text
 */
export function joined(text: string, width: number): string {
  const lines: string[] = [];
  let isOpen = false;
  let hang = 0;
  for (const line of text.split('\n')) {
    const indent = line.search(/[^ ]/);
    const isTooWide = columns(line) > width;
    if (isOpen && indent === hang) {
      lines.push(`${lines.pop() ?? ''} ${line.trimStart()}`);
      continue;
    }
    lines.push(line);
    isOpen = isTooWide;
    hang = indent === 0 ? 0 : hangOf(line, width);
  }
  return lines.join('\n');
}
