import { fold } from '../../report/text/fold.ts';
import { FULL_AT, type TextOutput } from '../streams/output.ts';
import type { FromWorker, Piece } from './pool.ts';

/**
 * Takes the place of several outputs in a worker: keeps in order what is written to each, until it
 * is handed on to whoever has the real ones.
 */
export class Relay<Result> {
  readonly #send: (message: FromWorker<Result>) => void;
  #pieces: { output: number; text: string | null }[] = [];
  #length = 0;
  #goOn: () => void = () => {};

  constructor(send: (message: FromWorker<Result>) => void) {
    this.#send = send;
  }

  /** The stand-in for one output, by its number and the columns of the terminal that it is. */
  output(output: number, columns: number | null): TextOutput {
    const isFull = (): boolean => this.#isFull;
    return {
      error: null,
      get isFull() {
        return isFull();
      },
      columns,
      write: (text) => this.#write(output, text),
      tell: (text) => this.#write(output, columns === null ? text : fold(text, columns)),
      separate: () => this.#add(output, null),
      flush: () => this.#flush(),
    };
  }

  get #isFull(): boolean {
    return this.#length >= FULL_AT;
  }

  /** Hands on everything, once it is much, and waits until there is room for more. */
  async relieve(): Promise<void> {
    if (this.#isFull) await this.#flush();
  }

  #write(output: number, text: string): void {
    if (text === '') return;
    const last = this.#pieces.at(-1);
    if (last === undefined || last.output !== output || last.text === null) this.#add(output, text);
    else {
      last.text += text;
      this.#length += text.length;
    }
  }

  #add(output: number, text: string | null): void {
    this.#pieces.push({ output, text });
    this.#length += text?.length ?? 1;
  }

  /** Hands on everything, of all outputs; resolves when there is room for more. */
  async #flush(): Promise<void> {
    if (this.#length === 0) return;
    const goesOn = new Promise<void>((resolve) => {
      this.#goOn = resolve;
    });
    this.#hand(null);
    await goesOn;
  }

  /** There is room for more. */
  goOn(): void {
    this.#goOn();
  }

  /** The task is done: hands on the rest, with its result. */
  done(value: Result): void {
    this.#hand({ value });
  }

  #hand(result: FromWorker<Result>['result']): void {
    const pieces = this.#pieces.map(({ output, text }): Piece => [output, text]);
    const length = this.#length;
    this.#pieces = [];
    this.#length = 0;
    this.#send({ pieces, length, result });
  }
}
