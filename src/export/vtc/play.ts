/** Who does something in a script: a thread of the test program, with lines of its own. */
export class Actor {
  readonly lines: ScriptLine[] = [];

  constructor(readonly name: string) {}
}

/** A line of a script; an actor stands for all that it does, between braces. */
export type ScriptLine =
  | string
  | { readonly head: string; readonly body: Actor; readonly tail: string };

/**
 * Puts what several actors do into one order. Whoever acts after somebody else waits for that one
 * at a barrier; who merely receives waits for what it receives.
 */
export class Play {
  /** How many barriers there are. */
  barriers = 0;
  #last: Actor | null = null;

  /** Something is done, after all that was done and received before. */
  act(actor: Actor, ...lines: readonly ScriptLine[]): void {
    if (this.#last !== null && this.#last !== actor) this.#meet(this.#last, actor);
    this.receive(actor, ...lines);
  }

  /** Something is received: it comes after what was done before by itself. */
  receive(actor: Actor, ...lines: readonly ScriptLine[]): void {
    actor.lines.push(...lines);
    this.#last = actor;
  }

  /** All of them meet once. */
  gather(...actors: readonly Actor[]): void {
    const name = this.#name();
    for (const actor of actors) actor.lines.push(`barrier ${name} sync`);
    this.sizes.push(actors.length);
  }

  /** How many meet at each barrier. */
  readonly sizes: number[] = [];

  #meet(one: Actor, other: Actor): void {
    this.gather(one, other);
  }

  #name(): string {
    return `b${++this.barriers}`;
  }
}

const INDENT = '  ';

/** The lines of a script as text, what stands between braces moved in. */
export function renderLines(lines: readonly ScriptLine[], depth = 0): string[] {
  const margin = INDENT.repeat(depth);
  return lines.flatMap((line) => {
    if (typeof line === 'string') return [line === '' ? '' : `${margin}${line}`];
    const { head, body, tail } = line;
    return [
      `${margin}${head} {`,
      ...renderLines(body.lines, depth + 1),
      `${margin}}${tail === '' ? '' : ` ${tail}`}`,
    ];
  });
}
