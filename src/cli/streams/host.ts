import type { Readable, Writable } from 'node:stream';
import type { Outcome } from '../outcome/outcome.ts';
import type { ColorInputs } from './color.ts';
import type { Output } from './output.ts';

/** A stream of a process that text goes to; one that is no terminal need not say so. */
export interface ProcessOutput extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What the program uses of the process that it runs in: `process`, or what stands for it. */
export interface HostProcess {
  readonly stdin: Readable;
  readonly stdout: ProcessOutput;
  readonly stderr: ProcessOutput;
  readonly env: ColorInputs['env'];
}

/** What a command may use of the process that it runs in. */
export interface Host {
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: ColorInputs['env'];
  /** Which of the two outputs are terminals. */
  readonly isTerminal: { readonly stdout: boolean; readonly stderr: boolean };
  /** Columns of standard output: the terminal's, or a fixed number for stable text. */
  readonly width: number;
  /** Version of this program. */
  readonly version: string;
}

/** Takes the outcome of the command that ran. */
export type Finish = (outcome: Outcome) => void;
