import type { SegmentState } from '../../picture/picture.ts';

/** How lanes of a state are filled; colour says only whose they are. */
export type Filling =
  | 'solid'
  | 'dots'
  | 'slashes'
  | 'wide slashes'
  | 'lines'
  | 'wide lines'
  | 'crosses'
  | 'bars'
  | 'empty';

/** The filling of each state, and its words in a legend. */
export const STATES: Readonly<
  Record<SegmentState, { readonly filling: Filling; readonly says: string }>
> = {
  connecting: { filling: 'dots', says: 'connecting' },
  'in use': { filling: 'solid', says: 'in use' },
  'session list': { filling: 'slashes', says: 'listed by its session' },
  'session idle': { filling: 'wide slashes', says: 'idle in its session' },
  safe: { filling: 'lines', says: 'in the safe list' },
  idle: { filling: 'wide lines', says: 'in the idle list' },
  available: { filling: 'crosses', says: 'available' },
  'to be removed': { filling: 'bars', says: 'to be removed' },
  leaked: { filling: 'empty', says: 'leaked: in nobody’s hands' },
  freed: { filling: 'empty', says: 'freed' },
};

/** The colours of a theme, as the style sheet gives them. */
export interface Theme {
  readonly back: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly bad: string;
  readonly warn: string;
  readonly chosen: string;
  readonly nobody: string;
  readonly onOwner: string;
  readonly owners: readonly string[];
}

const OWNERS = 8;

/** Reads the colours that hold now. */
export function themeOf(root: Element): Theme {
  const style = getComputedStyle(root);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    back: colour('back'),
    text: colour('text'),
    faint: colour('faint'),
    line: colour('line'),
    bad: colour('bad'),
    warn: colour('warn'),
    chosen: colour('chosen'),
    nobody: colour('nobody'),
    onOwner: colour('on-owner'),
    owners: Array.from({ length: OWNERS }, (_, at) => colour(`owner-${at}`)),
  };
}

/** Pixels after which a filling begins again. */
const TILE = 8;

function strokes(context: CanvasRenderingContext2D, lines: readonly (readonly number[])[]): void {
  context.beginPath();
  for (const [x = 0, y = 0, toX = 0, toY = 0] of lines) {
    context.moveTo(x, y);
    context.lineTo(toX, toY);
  }
  context.stroke();
}

const HATCHES: Readonly<Record<Exclude<Filling, 'solid' | 'empty' | 'dots'>, number[][]>> = {
  slashes: [
    [-2, 2, 2, -2],
    [-2, 6, 6, -2],
    [-2, 10, 10, -2],
    [2, 10, 10, 2],
    [6, 10, 10, 6],
  ],
  'wide slashes': [
    [-2, 2, 2, -2],
    [-2, 10, 10, -2],
    [6, 10, 10, 6],
  ],
  lines: [
    [0, 1, 8, 1],
    [0, 5, 8, 5],
  ],
  'wide lines': [[0, 3, 8, 3]],
  crosses: [
    [-2, 2, 2, -2],
    [-2, 10, 10, -2],
    [6, 10, 10, 6],
    [-2, 6, 2, 10],
    [-2, -2, 10, 10],
    [6, -2, 10, 2],
  ],
  bars: [
    [1, 0, 1, 8],
    [5, 0, 5, 8],
  ],
};

/** The fillings of lanes, each made once for each colour. */
export class Fillings {
  readonly #made = new Map<string, CanvasPattern | string>();

  constructor(
    readonly theme: Theme,
    readonly density: number,
  ) {}

  /** What a canvas fills with. */
  of(filling: Filling, colour: string): CanvasPattern | string {
    if (filling === 'solid') return colour;
    if (filling === 'empty') return this.theme.back;
    const key = `${filling} ${colour}`;
    let made = this.#made.get(key);
    if (made === undefined) {
      made = this.#make(filling, colour);
      this.#made.set(key, made);
    }
    return made;
  }

  #make(filling: Exclude<Filling, 'solid' | 'empty'>, colour: string): CanvasPattern | string {
    const tile = document.createElement('canvas');
    tile.width = TILE * this.density;
    tile.height = TILE * this.density;
    const context = tile.getContext('2d');
    if (context === null) return colour;
    context.scale(this.density, this.density);
    context.fillStyle = this.theme.back;
    context.fillRect(0, 0, TILE, TILE);
    context.globalAlpha = 0.18;
    context.fillStyle = colour;
    context.fillRect(0, 0, TILE, TILE);
    context.globalAlpha = 1;
    context.strokeStyle = colour;
    context.lineWidth = 1.6;
    if (filling === 'dots') {
      context.fillRect(1, 1, 2, 2);
      context.fillRect(5, 5, 2, 2);
    } else strokes(context, HATCHES[filling]);
    const pattern = context.createPattern(tile, 'repeat');
    if (pattern === null) return colour;
    pattern.setTransform(new DOMMatrix().scale(1 / this.density));
    return pattern;
  }
}
