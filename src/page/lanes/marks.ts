import type { MarkKind, PackedMark } from '../../report/page/told.ts';
import type { Theme } from './looks.ts';

/** How marks are drawn and named, the weightiest first. */
export const MARKS: Readonly<
  Record<
    MarkKind,
    {
      readonly shape:
        | 'cross'
        | 'triangle'
        | 'hollow triangle'
        | 'diamond'
        | 'square'
        | 'circle'
        | 'bar';
      readonly colour: 'bad' | 'warn' | 'chosen' | 'text';
      readonly says: string;
    }
  >
> = {
  crash: { shape: 'cross', colour: 'bad', says: 'crash' },
  abort: { shape: 'cross', colour: 'bad', says: 'abort' },
  divergence: { shape: 'triangle', colour: 'bad', says: 'divergence' },
  parting: { shape: 'bar', colour: 'bad', says: 'the rule sets part' },
  impossible: { shape: 'square', colour: 'bad', says: 'impossible' },
  finding: { shape: 'diamond', colour: 'warn', says: 'broken promise' },
  follower: { shape: 'hollow triangle', colour: 'bad', says: 'divergence that follows' },
  takeover: { shape: 'circle', colour: 'chosen', says: 'takeover' },
};

const WEIGHTS = Object.keys(MARKS) as MarkKind[];

/** How weighty a mark is; the smaller the weightier. */
export function weightOf({ kind }: Pick<PackedMark, 'kind'>): number {
  return WEIGHTS.indexOf(kind);
}

/** What is looked for when a trace is opened: only where nothing of a line is there, the next one counts. */
const SOUGHT: readonly (readonly MarkKind[])[] = [
  ['divergence', 'parting', 'impossible'],
  ['crash', 'abort'],
  ['finding'],
];

/**
 * The step that a reader who opens a trace wants to see: the first one that came out otherwise, else
 * the end of the program, else the first broken promise that the trace does not state. Null: all is well.
 */
export function stepToOpen(marks: readonly PackedMark[]): number | null {
  for (const kinds of SOUGHT) {
    const steps = marks.flatMap(({ kind, step, stated }) =>
      kinds.includes(kind) && !(kind === 'finding' && stated) ? [step] : [],
    );
    if (steps.length > 0) return steps.reduce((first, step) => Math.min(first, step));
  }
  return null;
}

/** Draws a mark around a place. */
export function drawMark(
  context: CanvasRenderingContext2D,
  kind: MarkKind,
  x: number,
  y: number,
  theme: Theme,
): void {
  const { shape, colour } = MARKS[kind];
  const size = 5;
  context.fillStyle = theme[colour];
  context.strokeStyle = theme[colour];
  context.lineWidth = 2;
  context.beginPath();
  if (shape === 'cross') {
    context.moveTo(x - size, y - size);
    context.lineTo(x + size, y + size);
    context.moveTo(x + size, y - size);
    context.lineTo(x - size, y + size);
    context.stroke();
    return;
  }
  if (shape === 'bar') context.rect(x - 1.5, y - size - 1, 3, 2 * size + 2);
  else if (shape === 'square') context.rect(x - size + 1, y - size + 1, 2 * size - 2, 2 * size - 2);
  else if (shape === 'circle') context.arc(x, y, size - 1, 0, 2 * Math.PI);
  else if (shape === 'diamond') {
    context.moveTo(x, y - size);
    context.lineTo(x + size, y);
    context.lineTo(x, y + size);
    context.lineTo(x - size, y);
    context.closePath();
  } else {
    context.moveTo(x - size, y - size + 1);
    context.lineTo(x + size, y - size + 1);
    context.lineTo(x, y + size);
    context.closePath();
  }
  if (shape === 'hollow triangle' || shape === 'circle') context.stroke();
  else context.fill();
}
