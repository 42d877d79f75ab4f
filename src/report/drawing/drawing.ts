import type { Picture } from '../../picture/picture.ts';
import type { FileHead } from '../data/file-head.ts';
import type { ReportFile } from '../data/schema.ts';
import type { DrawnStep } from './step-rows.ts';

/** All of one trace that is drawn, once it has been read. */
export interface Drawing {
  /** Null when no header could be read. */
  readonly head: FileHead | null;
  readonly picture: Picture;
  /** The steps that are told, in order; each is made when it is asked for. */
  readonly steps: Iterable<DrawnStep>;
  readonly file: ReportFile;
}
