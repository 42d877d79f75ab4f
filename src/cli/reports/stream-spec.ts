// Not from its index, which would load every reporter.
import { jsonl } from '../../report/formats/jsonl.ts';
import { pretty } from '../../report/formats/pretty.ts';
import type { ReportOptions } from '../../report/text/report-options.ts';
import type { TextOutput } from '../streams/output.ts';
import { paletteFor } from '../streams/palette.ts';
import { LineStream, type ReportStream, TextStream } from './report-stream.ts';

/** What a report for people is told about the run that it is of. */
export type RunOptions = Omit<ReportOptions, 'width' | 'palette'>;

/** Which report is written while a run goes on, as plain data: a worker makes its own from it. */
export type StreamSpec =
  | { readonly name: 'jsonl' }
  | (RunOptions & {
      readonly name: 'pretty';
      readonly width: number;
      readonly hasColor: boolean;
      /** Files without a divergence are passed over in silence. */
      readonly quiet: boolean;
    });

/** The report that a specification stands for, on its way to an output. */
export async function streamFor(spec: StreamSpec, output: TextOutput): Promise<ReportStream> {
  if (spec.name === 'jsonl') return new LineStream(jsonl(), output);
  const { hasColor, quiet, ...options } = spec;
  const palette = await paletteFor(hasColor);
  return new TextStream(pretty({ ...options, palette }), output, quiet);
}
