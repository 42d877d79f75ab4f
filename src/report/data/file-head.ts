import type { FileResult } from '../../replay/result.ts';

/** One trace that is being replayed. */
export interface FileHead {
  /** As printed, control characters not yet escaped; `<stdin>` for standard input. */
  readonly path: string;
  /** Read from standard input: the repeat command cannot name it. */
  readonly stdin: boolean;
  readonly title: string | null;
  /** The rule set that judges it. */
  readonly rules: FileResult['rules'];
}
