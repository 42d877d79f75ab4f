import type { Writable } from 'node:stream';
import { fold } from '../../report/text/fold.ts';
import { systemCode } from '../outcome/errors.ts';

/** UTF-16 code units that are collected before a writer should wait for the stream. */
export const FULL_AT = 64 * 1024;

/** Where reports and problems are written to, wherever that leads. */
export interface TextOutput {
  /** What made writing impossible, or null. */
  readonly error: Error | null;
  /** True when `flush` should be awaited before more is written. */
  readonly isFull: boolean;
  /** Columns of the terminal that it is, or null. */
  readonly columns: number | null;
  /** Adds text as it is: for programs, or laid out already. */
  write(text: string): void;
  /** Adds text for people: on a terminal, no line is wider than that. */
  tell(text: string): void;
  /** A blank line between what was written and what follows, unless there is one. */
  separate(): void;
  /** Hands on what was written; resolves when more may be written. */
  flush(): Promise<void>;
}

/** Takes what nobody wants to read. */
export const NOWHERE: TextOutput = {
  error: null,
  isFull: false,
  columns: null,
  write() {},
  tell() {},
  separate() {},
  flush: () => Promise.resolve(),
};

/**
 * A stream that text goes to. Text is collected and written in large pieces; whoever writes much
 * awaits `flush` as soon as it `isFull`, so that a slow reader slows the writer down.
 */
export class Output implements TextOutput {
  readonly #stream: Writable;
  #parts: string[] = [];
  #length = 0;
  #error: Error | null = null;
  #hasWritten = false;
  #endsBlank = false;

  /** @param columns of the terminal that the stream is, or null */
  constructor(
    stream: Writable,
    readonly columns: number | null = null,
  ) {
    this.#stream = stream;
    // Without a listener, a reader that went away would end the process with a stack trace.
    stream.on('error', (error) => {
      this.#error ??= error;
    });
  }

  /** What made writing impossible, or null. `EPIPE` is a reader that has seen enough. */
  get error(): Error | null {
    return this.#error;
  }

  /** True when the reader went away, which is no error. */
  get isClosedByReader(): boolean {
    return this.#error !== null && systemCode(this.#error) === 'EPIPE';
  }

  /** True when `flush` should be awaited before more is written. */
  get isFull(): boolean {
    return this.#length >= FULL_AT;
  }

  /** True when anything was written. */
  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /** Adds text; silently dropped once the stream is broken. */
  write(text: string): void {
    if (this.#error !== null || text === '') return;
    this.#parts.push(text);
    this.#length += text.length;
    this.#endsBlank = text.endsWith('\n\n');
    this.#hasWritten = true;
  }

  /** Adds text for people: on a terminal, no line is wider than that. */
  tell(text: string): void {
    this.write(this.columns === null ? text : fold(text, this.columns));
  }

  /** Adds text part by part, no faster than the stream takes it; the rest is not asked for. */
  async writeAll(parts: Iterable<string>): Promise<void> {
    for (const part of parts) {
      if (this.#error !== null) return;
      this.write(part);
      if (this.isFull) await this.flush();
    }
  }

  /** A blank line between what was written and what follows, unless there is one. */
  separate(): void {
    if (this.#hasWritten && !this.#endsBlank) this.write('\n');
  }

  /** Empties the screen: what follows is the first on it. Only for a terminal. */
  clearScreen(): void {
    this.write('\x1b[2J\x1b[H');
    this.#hasWritten = false;
  }

  /** Hands everything to the stream; resolves when the stream has taken it, or broke. */
  async flush(): Promise<void> {
    const text = this.#parts.join('');
    this.#parts = [];
    this.#length = 0;
    if (this.#error !== null || text === '') return;
    await new Promise<void>((resolve) => {
      this.#stream.write(text, (error) => {
        if (error != null) this.#error ??= error;
        resolve();
      });
    });
  }
}
