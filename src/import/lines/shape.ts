import type { Reading } from './reading.ts';

/** Versions whose lines differ, the oldest first. */
const SHAPES = ['2.2', '2.4', '2.6', '2.8', '3.2'] as const;
/** The oldest version whose lines look like that. */
export type Shape = (typeof SHAPES)[number];

/** The level of the most talkative records, which is one lower in 2.2. */
const DEVELOPER = 5;

function shapeOf(text: string, level: number, r: Reading): Shape {
  if (text.includes(' .task=') || /h2c=0x[0-9a-f]+\([FB]=/.test(text)) return '3.2';
  if (r.kind === 'h1' && / : \[[FB],/.test(text)) return '2.8';
  if (r.connFlags !== null) return '2.6';
  return level >= DEVELOPER ? '2.4' : '2.2';
}

/** What is known of the version after one record more. */
export function newerShape(
  known: Shape,
  { text, level }: { readonly text: string; readonly level: number },
  r: Reading,
): Shape {
  if (known === '3.2') return known;
  const shape = shapeOf(text, level, r);
  return SHAPES.indexOf(shape) > SHAPES.indexOf(known) ? shape : known;
}
