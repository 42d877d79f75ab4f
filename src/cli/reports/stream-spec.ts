import type { Selection } from '../../report/data/select.ts';
import type { GlyphSetName } from '../../report/drawing/glyphs.ts';
// Not from its index, which would load every reporter.
import { jsonl } from '../../report/formats/jsonl.ts';
import { pretty } from '../../report/formats/pretty.ts';
import { type Palette, PLAIN } from '../../report/text/palette.ts';
import type { ReportOptions } from '../../report/text/report-options.ts';
import type { TextOutput } from '../streams/output.ts';
import { paletteFor } from '../streams/palette.ts';
import { LineStream, type ReportStream, TextStream } from './report-stream.ts';

/** What a report for people is told about the run that it is of. */
export type RunOptions = Omit<ReportOptions, 'width' | 'palette'>;

/** What of a trace is drawn, as plain data: lanes within these steps, of what these touch. */
export type Drawn = Pick<Selection, 'range' | 'only'>;

/** Which report is written while a run goes on, as plain data: a worker makes its own from it. */
export type StreamSpec =
  | { readonly name: 'jsonl' }
  | { readonly name: 'html'; readonly drawn: Drawn }
  | (RunOptions & {
      readonly name: 'svg';
      readonly width: number;
      readonly drawn: Drawn;
    })
  | (RunOptions & {
      readonly name: 'pretty';
      readonly width: number;
      readonly hasColor: boolean;
      /** Files without a divergence are passed over in silence. */
      readonly quiet: boolean;
      /** The characters of the lanes beside steps; null: there are none. */
      readonly glyphs: GlyphSetName | null;
      readonly drawn: Drawn;
    });

/** Reports that draw are loaded where one is asked for: most runs have none, and want to start soon. */
async function drawingFor(
  spec: Extract<StreamSpec, { name: 'svg' | 'pretty' }>,
  glyphs: GlyphSetName | null,
  palette: Palette,
  output: TextOutput,
): Promise<ReportStream> {
  const { DrawingStream } = await import('./drawing-stream.ts');
  const { name: _, drawn, ...options } = spec;
  if (glyphs === null) {
    const { svg } = await import('../../report/formats/svg.ts');
    return new DrawingStream(svg(options), output, drawn);
  }
  const { graph } = await import('../../report/formats/graph.ts');
  return new DrawingStream(graph(glyphs, { ...options, palette }), output, drawn);
}

/** So is the page, with what it is made of. */
async function pageFor(drawn: Drawn, output: TextOutput): Promise<ReportStream> {
  const { PageStream } = await import('./page-stream.ts');
  const { pageAssets } = await import('./page-assets.ts');
  return new PageStream(await pageAssets(), output, drawn);
}

/** The report that a specification stands for, on its way to an output. */
export async function streamFor(spec: StreamSpec, output: TextOutput): Promise<ReportStream> {
  if (spec.name === 'jsonl') return new LineStream(jsonl(), output);
  if (spec.name === 'html') return pageFor(spec.drawn, output);
  if (spec.name === 'svg') return drawingFor(spec, null, PLAIN, output);
  const { hasColor, quiet, glyphs, drawn: _, ...options } = spec;
  const palette = await paletteFor(hasColor);
  if (glyphs !== null) return drawingFor(spec, glyphs, palette, output);
  return new TextStream(pretty({ ...options, palette }), output, quiet);
}
