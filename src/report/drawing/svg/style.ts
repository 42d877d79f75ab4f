/** Colours of owners: told apart by colour-blind people, and by the letters beside them by all. */
const OWNERS = [
  ['#0060a8', '#56b4e9'],
  ['#a34a00', '#f0a13c'],
  ['#7b3fa0', '#d2a8ff'],
  ['#00705a', '#3fc7a2'],
  ['#6b5e00', '#e0cf4f'],
] as const;

/** How many owners have a colour of their own. */
export const OWNER_COLORS = OWNERS.length;

const THEMES = {
  light: { back: '#ffffff', ink: '#1f2328', faint: '#5c646d', bad: '#c41e1e', warn: '#8a5a00' },
  dark: { back: '#0d1117', ink: '#e6edf3', faint: '#9198a1', bad: '#ff7b72', warn: '#e3b341' },
} as const;

function colors(theme: keyof typeof THEMES): string {
  const owners = OWNERS.map((each, at) => `--o${at}:${each[theme === 'light' ? 0 : 1]}`);
  const others = Object.entries(THEMES[theme]).map(([name, color]) => `--${name}:${color}`);
  return [...others, ...owners].join(';');
}

/** Columns of the text are this wide: the common monospaced fonts are no wider at their size. */
export const COLUMN = 8;
/** From one line of text to the next. */
export const LINE = 20;
/** Pixels around everything. */
export const MARGIN = 16;
const FONT_SIZE = 13;

/** How everything looks, light or dark as the system is set: nothing else of a drawing differs. */
export const STYLE = [
  `svg{${colors('light')}}`,
  `@media (prefers-color-scheme:dark){svg{${colors('dark')}}}`,
  `text{font:${FONT_SIZE}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;` +
    'fill:var(--ink);white-space:pre}',
  'path,line{fill:none;stroke:var(--faint)}',
  '.back{fill:var(--back)}',
  '.strong{font-weight:bold}.faint{fill:var(--faint)}.bad{fill:var(--bad)}.warn{fill:var(--warn)}',
  '.letter{font-size:10px}.glyph{text-anchor:middle}',
  '.use{stroke-width:4}.several{stroke-width:9}',
  '.connecting{stroke-width:2;stroke-dasharray:2 3}',
  '.list{stroke-width:2;stroke-dasharray:5 4}',
  '.leaked{stroke-width:4;stroke-dasharray:1 4}',
  '.session{stroke-width:1.5}.link{stroke-width:1.5}.move{stroke-width:2}',
  '.stem{stroke-width:1}.end{stroke-width:2}',
  'path.bad,line.bad{fill:none;stroke:var(--bad)}rect.bad{fill:var(--bad);opacity:.12}',
  ...OWNERS.map(
    (_, at) =>
      `path.o${at},line.o${at}{stroke:var(--o${at})}text.o${at},tspan.o${at}{fill:var(--o${at})}`,
  ),
].join('\n');
