import { actionOf, DISABLED, lengthOf, linkOf, type Model } from './model.ts';

/** States of a search that somebody else may expand; plain data. */
export interface Batch {
  /** The states one behind the other: the length of each, then its words. */
  readonly words: Uint32Array<ArrayBuffer>;
  readonly states: number;
  /** Whether actions are taken; else it is only counted how many there are. */
  readonly takes: boolean;
}

/** What a state has brought to light. */
export interface Findings {
  /** Offset in the words of the expansion at which the action stands. */
  readonly at: number;
  readonly names: readonly string[];
}

/** What came of a batch; plain data. */
export interface Expansion {
  /**
   * For each state of the batch, in its order: how many actions it offers, how many of them were
   * taken, and for each of those, in order, its number with the length of the next state in the
   * low bits, then that state's words.
   */
  readonly words: Uint32Array<ArrayBuffer>;
  readonly findings: readonly Findings[];
}

/** Whoever expands states for a search; it may do so elsewhere. */
export interface Expander {
  expand(batch: Batch): Promise<Expansion>;
}

/** Words that grow as they are written. */
class Words {
  #words = new Uint32Array(1 << 14);
  length = 0;

  push(word: number): void {
    if (this.length === this.#words.length) this.#grow();
    this.#words[this.length++] = word;
  }

  set(at: number, word: number): void {
    this.#words[at] = word;
  }

  /** What was written, in memory of its own; what comes next is written from the start. */
  take(): Uint32Array<ArrayBuffer> {
    const written = this.#words.slice(0, this.length);
    this.length = 0;
    return written;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#words.length * 2);
    larger.set(this.#words);
    this.#words = larger;
  }
}

/** Expands states by a model, batch after batch, in memory that stays. */
export class BatchExpander {
  readonly #model: Model;
  readonly #out = new Words();

  constructor(model: Model) {
    this.#model = model;
  }

  /** Expands the states of a batch. */
  expand({ words, states, takes }: Batch): Expansion {
    const model = this.#model;
    const out = this.#out;
    const findings: Findings[] = [];
    let at = 0;
    for (let state = 0; state < states; state++) {
      const length = words[at] ?? 0;
      const actions = model.open(words, at + 1, length);
      at += 1 + length;
      out.push(actions);
      const taken = out.length;
      out.push(0);
      let count = 0;
      for (let action = 0; takes && action < actions; action++) {
        const next = model.take(action);
        if (next === DISABLED) continue;
        count++;
        if (model.findings.length > 0) {
          findings.push({ at: out.length, names: [...model.findings] });
        }
        out.push(linkOf(action, next));
        for (let word = 0; word < next; word++) out.push(model.words[word] ?? 0);
      }
      out.set(taken, count);
    }
    return { words: out.take(), findings };
  }
}

const NOTHING: readonly string[] = [];

/** Walks through an expansion, state by state and action by action. */
export class ExpansionReader {
  /** How many actions the open state offers. */
  offered = 0;
  /** The action that was read last, and what it has brought to light. */
  action = 0;
  findings = NOTHING;
  /** Where the state stands that it leads to. */
  readonly words: Uint32Array;
  at = 0;
  length = 0;
  readonly #findings: readonly Findings[];
  #nextFindings = 0;
  #left = 0;

  constructor({ words, findings }: Expansion) {
    this.words = words;
    this.#findings = findings;
  }

  /** Goes on to the next state; all actions of the one before must have been read. */
  nextState(): void {
    const at = this.at + this.length;
    this.offered = this.words[at] ?? 0;
    this.#left = this.words[at + 1] ?? 0;
    this.at = at + 2;
    this.length = 0;
  }

  /** Reads the next action of the state; false when there is none. */
  nextAction(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    const link = this.at + this.length;
    const word = this.words[link] ?? 0;
    this.action = actionOf(word);
    this.length = lengthOf(word);
    this.at = link + 1;
    const next = this.#findings[this.#nextFindings];
    const isFound = next !== undefined && next.at === link;
    this.findings = isFound ? next.names : NOTHING;
    if (isFound) this.#nextFindings++;
    return true;
  }
}
