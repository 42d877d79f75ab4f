import type { RuleSet } from '../engine/rule-sets/index.ts';
import { isEnd, type Outcome, step } from '../engine/step/step.ts';
import type { TraceEvent, WorldDefinition } from '../format/index.ts';
import { DISABLED, END, type Model } from '../search/model.ts';
import type { Judge } from './judge.ts';
import { type Choices, choicesOf, listMoves, type Move, MoveList } from './moves/index.ts';
import { Packer } from './state/packer.ts';
import { Rewind } from './state/rewind.ts';
import { type Budget, Scene } from './state/scene.ts';
import { Side } from './state/side.ts';
import { StateReader } from './state/unpack.ts';
import { Surroundings } from './surroundings.ts';

/** How a model of a world is explored. */
export interface ModelOptions {
  /** One rule set, or two that the same events happen under. */
  readonly rules: readonly RuleSet[];
  readonly judge: Judge;
  /** False tells states apart that differ in names only; for checking that nothing depends on it. */
  readonly symmetric?: boolean | undefined;
  /** Takes the events of a state in another order; for checking that nothing depends on it. */
  readonly reversed?: boolean | undefined;
  /** Whether an event is one of those that are asked for; all are unless stated. */
  readonly isWanted?: ((event: TraceEvent) => boolean) | undefined;
}

const NOTHING: readonly string[] = [];

/** A world of the engine, or two in step, as a model for the search. */
export class OwnershipModel implements Model {
  findings = NOTHING;
  readonly scene: Scene;
  readonly packer: Packer;
  /** States that differ in names only are one. */
  readonly symmetric: boolean;
  readonly #choices: Choices;
  readonly #reader: StateReader;
  readonly #list: MoveList;
  readonly #judge: Judge;
  readonly #reversed: boolean;
  readonly #isWanted: ((event: TraceEvent) => boolean) | null;
  /** One per side; overwritten, as cutting it short would throw its memory away each time. */
  readonly #outcomes: Outcome[] = [];
  /** The state in which nothing has happened. */
  readonly #first: Uint32Array;
  #moves: readonly Move[] = [];
  #isFresh = false;
  readonly #rewinds: readonly Rewind[];
  readonly #surroundings: Surroundings;

  constructor(world: WorldDefinition, options: ModelOptions) {
    this.#choices = choicesOf(world);
    const { params } = this.#choices;
    const sides = options.rules.map((rules) => new Side(world.config, rules, params));
    this.scene = new Scene(sides, this.#choices.purge);
    this.symmetric = options.symmetric ?? true;
    this.packer = new Packer(this.scene, this.symmetric);
    this.#reader = new StateReader(this.scene, !this.symmetric);
    this.#list = new MoveList(this.scene, this.#choices);
    this.#judge = options.judge;
    this.#reversed = options.reversed ?? false;
    this.#isWanted = options.isWanted ?? null;
    this.#surroundings = new Surroundings(this.scene, this.#choices);
    this.#rewinds = this.scene.sides.map((side) => new Rewind(side));
    Object.assign(this.scene.budget, this.startBudget());
    const length = this.packer.pack();
    this.#first = this.packer.words.slice(0, length);
  }

  get words(): Uint32Array {
    return this.packer.words;
  }

  /** A scene of its own, in which the same can happen. */
  anotherScene(): Scene {
    const { params } = this.#choices;
    const sides = this.scene.sides.map(
      ({ world: { config, rules } }) => new Side(config, rules, params),
    );
    return new Scene(sides, this.scene.hasTimes);
  }

  /** What may happen from the first state on. */
  startBudget(): Budget {
    const { streams, failures, retries } = this.#choices;
    return { streams, failures, retries };
  }

  initial(): number {
    this.#reader.read(this.#first, 0);
    return this.packer.pack();
  }

  open(words: Uint32Array, at: number): number {
    this.#reader.read(words, at);
    this.#isFresh = true;
    for (let s = 0; s < this.#rewinds.length; s++) this.#rewinds[s]?.remember();
    this.#surroundings.remember();
    this.#judge.open?.(this.scene);
    this.#moves = listMoves(this.#list);
    const isWanted = this.#isWanted;
    if (isWanted !== null) this.#moves = this.#moves.filter(({ event }) => isWanted(event));
    return this.#moves.length;
  }

  /** The move that an action of the open state stands for. */
  moveOf(action: number): Move {
    const index = this.#reversed ? this.#moves.length - 1 - action : action;
    const move = this.#moves[index];
    if (!move) throw new RangeError(`the open state offers no action ${action}`);
    return move;
  }

  take(action: number): number {
    this.findings = NOTHING;
    const move = this.moveOf(action);
    if (!this.#isFresh) {
      for (let s = 0; s < this.#rewinds.length; s++) this.#rewinds[s]?.rewind();
      this.#surroundings.rewind();
    }
    this.#isFresh = false;
    return this.#happen(move);
  }

  #happen(move: Move): number {
    const { sides } = this.scene;
    let ended = false;
    let failsUnused = Number.POSITIVE_INFINITY;
    for (let s = 0; s < sides.length; s++) {
      const { world } = sides[s] as Side;
      const outcome = step(world, move.event);
      if (outcome.kind === 'impossible') return DISABLED;
      this.#outcomes[s] = outcome;
      ended ||= isEnd(outcome);
      failsUnused = Math.min(failsUnused, world.failsUnused);
    }
    if (failsUnused > 0 || this.#isIdleError(move)) return DISABLED;
    if (!ended && !this.#surroundings.follow(move)) return DISABLED;
    this.findings = this.#judge.findings(this.scene, this.#outcomes);
    return ended ? END : this.packer.pack();
  }

  /** The step that was to fail was not taken. */
  #isIdleError({ event }: Move): boolean {
    if (event.event !== 'connect_server' || event.error === undefined) return false;
    return this.#outcomes.every(
      (outcome) => outcome.kind === 'done' && outcome.returned.ret === 'NONE',
    );
  }
}
