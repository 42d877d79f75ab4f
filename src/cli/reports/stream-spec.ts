// Not from its index, which would load every reporter.

import type { Selection } from '../../report/data/select.ts';
import type { GlyphSetName } from '../../report/drawing/glyphs.ts';
import { jsonl } from '../../report/formats/jsonl.ts';
import { pretty } from '../../report/formats/pretty.ts';
import type { ReportOptions } from '../../report/text/report-options.ts';
import type { TextOutput } from '../streams/output.ts';
import { paletteFor } from '../streams/palette.ts';
import { LineStream, type ReportStream, TextStream } from './report-stream.ts';

/** What a report for people is told about the run that it is of. */
export type RunOptions = Omit<ReportOptions, 'width' | 'palette'>;

/** The steps that a drawing shows, as plain data. */
type Drawn = Pick<Selection, 'range' | 'only'>;

/** Which report is written while a run goes on, as plain data: a worker makes its own from it. */
export type StreamSpec =
  | { readonly name: 'jsonl' }
  | (RunOptions & {
      readonly name: 'pretty';
      readonly width: number;
      readonly hasColor: boolean;
      /** Files without a divergence are passed over in silence. */
      readonly quiet: boolean;
      /** The characters of the lanes beside steps, and what is drawn; null: there are none. */
      readonly graph: (Drawn & { readonly glyphs: GlyphSetName }) | null;
    });

/** The report that a specification stands for, on its way to an output. */
export async function streamFor(spec: StreamSpec, output: TextOutput): Promise<ReportStream> {
  if (spec.name === 'jsonl') return new LineStream(jsonl(), output);
  const { hasColor, quiet, graph: drawn, ...options } = spec;
  const palette = await paletteFor(hasColor);
  if (drawn !== null) {
    // Most runs draw nothing, and want to start soon.
    const { graph } = await import('../../report/formats/graph.ts');
    const { DrawingStream } = await import('./drawing-stream.ts');
    return new DrawingStream(graph(drawn.glyphs, { ...options, palette }), output, drawn);
  }
  return new TextStream(pretty({ ...options, palette }), output, quiet);
}
