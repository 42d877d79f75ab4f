import { brokenByConn } from '../engine/invariants/broken-by-connection.ts';
import { brokenBySrv } from '../engine/invariants/server.ts';
import { brokenBySess } from '../engine/invariants/session.ts';
import type { RuleSet } from '../engine/rule-sets/index.ts';
import { type Outcome, step } from '../engine/step.ts';
import type { WorldDefinition } from '../format/index.ts';
import { DISABLED, END, type Model } from '../search/model.ts';
import { type Choices, choicesOf, type Move } from './choices.ts';
import { listMoves, MoveList } from './moves.ts';
import { PREFERRED_NAMES, RETRYING_NAMES, slotOf } from './names.ts';
import { Packer } from './packer.ts';
import { type Budget, Scene } from './scene.ts';
import { Side } from './side.ts';
import { StateReader } from './unpack.ts';

/** Judges a transition, once the step was taken on every side. */
export interface Judge {
  /** A state was opened: transitions from it follow. */
  open?(scene: Scene): void;
  /** What the step has brought to light; asked only when something followed, or the run ended. */
  findings(scene: Scene, outcomes: readonly Outcome[]): readonly string[];
}

/** How a model of a world is explored. */
export interface ModelOptions {
  /** One rule set, or two that the same events happen under. */
  readonly rules: readonly RuleSet[];
  readonly judge: Judge;
  /** False tells states apart that differ in names only; for checking that nothing depends on it. */
  readonly symmetric?: boolean | undefined;
  /** Takes the events of a state in another order; for checking that nothing depends on it. */
  readonly reversed?: boolean | undefined;
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
  readonly #outcomes: Outcome[] = [];
  /** The state in which nothing has happened. */
  readonly #first: Uint32Array;
  /** The open state. */
  #words = new Uint32Array(0) as Uint32Array;
  #at = 0;
  #moves: readonly Move[] = [];
  #isFresh = false;
  /** What the objects of the open state break, by side: connections, sessions, servers. */
  readonly #broken: number[][] = [];

  constructor(world: WorldDefinition, options: ModelOptions) {
    this.scene = new Scene(options.rules.map((rules) => new Side(world.config, rules)));
    this.#choices = choicesOf(world);
    this.symmetric = options.symmetric ?? true;
    this.packer = new Packer(this.scene, this.symmetric);
    this.#reader = new StateReader(this.scene, !this.symmetric);
    this.#list = new MoveList(this.scene, this.#choices);
    this.#judge = options.judge;
    this.#reversed = options.reversed ?? false;
    for (const _ of this.scene.sides) this.#broken.push([]);
    Object.assign(this.scene.budget, this.startBudget());
    const length = this.packer.pack();
    this.#first = this.packer.words.slice(0, length);
  }

  get words(): Uint32Array {
    return this.packer.words;
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
    this.#words = words;
    this.#at = at;
    this.#reader.read(words, at);
    this.#isFresh = true;
    this.#noteBroken();
    this.#judge.open?.(this.scene);
    this.#moves = listMoves(this.#list);
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
    if (!this.#isFresh) this.#reader.read(this.#words, this.#at);
    this.#restoreBroken();
    this.#isFresh = false;
    return this.#happen(move);
  }

  #happen(move: Move): number {
    const { sides } = this.scene;
    let ended = false;
    let failsUnused = Number.POSITIVE_INFINITY;
    this.#outcomes.length = 0;
    for (let s = 0; s < sides.length; s++) {
      const { world } = sides[s] as Side;
      const outcome = step(world, move.event);
      if (outcome.kind === 'impossible') return DISABLED;
      this.#outcomes.push(outcome);
      ended ||= outcome.kind === 'crash';
      failsUnused = Math.min(failsUnused, world.failsUnused);
    }
    if (failsUnused > 0 || this.#isIdleError(move)) return DISABLED;
    if (!ended && !this.#settle(move)) return DISABLED;
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

  /** What the event means to the surroundings; false when it leads out of the world. */
  #settle(move: Move): boolean {
    const { scene } = this;
    const { event } = move;
    const thread = event.thread ?? 0;
    const hasThreads = scene.world.nbthread > 1;
    scene.budget.failures -= move.failures;
    switch (event.event) {
      case 'session_new':
        if (hasThreads) scene.threads.set(event.sess, thread);
        break;
      case 'session_free':
        scene.threads.delete(event.sess);
        scene.detached.delete(event.sess);
        break;
      case 'assign_server':
        if (!this.#isPreferred(event.sess)) return false;
        scene.budget.streams--;
        break;
      case 'connect_server':
      case 'tcpcheck_eval_connect':
        this.#useStream(event.strm, event.sess);
        if (!this.#isAttached(event.strm)) this.#release(event.sess);
        if (hasThreads) this.#noteThread(event.strm, thread);
        break;
      case 'detach':
        if (!event.blocked) this.#release(this.#sessionOf(event.strm));
        break;
      default:
    }
    this.#saturate();
    return this.#isWithin();
  }

  #isPreferred(id: string): boolean {
    return this.scene.sides.some(({ world }) => {
      const preferred = world.sessions.get(id)?.preferred;
      return preferred?.strm === PREFERRED_NAMES[slotOf(id)];
    });
  }

  #useStream(strm: string, sess: string): void {
    const { budget, detached } = this.scene;
    const slot = slotOf(sess);
    if (strm === PREFERRED_NAMES[slot]) return;
    if (strm !== RETRYING_NAMES[slot]) budget.streams--;
    else {
      budget.retries--;
      detached.set(sess, (detached.get(sess) ?? 0) - 1);
    }
  }

  #isAttached(strm: string): boolean {
    return this.scene.sides.some(({ world }) => world.streams.has(strm));
  }

  /** The session whose stream has just left, as the state had it before. */
  #sessionOf(strm: string): string {
    for (const { streams } of this.scene.sides) {
      for (const cs of streams) if (cs?.strm === strm) return cs.sess.id;
    }
    return '';
  }

  /** A stream of the session may connect again. */
  #release(sess: string): void {
    const { budget, detached } = this.scene;
    if (budget.retries > 0) detached.set(sess, (detached.get(sess) ?? 0) + 1);
  }

  /** More streams that wait to connect again than there are retries make no difference. */
  #saturate(): void {
    const { budget, detached } = this.scene;
    if (detached.size === 0) return;
    for (const [sess, count] of detached) {
      const most = Math.min(count, budget.retries);
      if (most === 0) detached.delete(sess);
      else detached.set(sess, most);
    }
  }

  #noteThread(strm: string, thread: number): void {
    for (const side of this.scene.sides) {
      const conn = side.world.streams.get(strm)?.conn;
      if (conn) side.threads.set(conn.id, thread);
    }
  }

  #isWithin(): boolean {
    for (const { world } of this.scene.sides) {
      if (world.connections.size > this.#choices.connections) return false;
    }
    return true;
  }

  #noteBroken(): void {
    const { sides } = this.scene;
    for (let s = 0; s < sides.length; s++) {
      const { conns, sessions, servers } = sides[s] as Side;
      const broken = this.#broken[s] as number[];
      broken.length = 0;
      for (const conn of conns) broken.push(conn && !conn.freed ? brokenByConn(conn) : 0);
      for (const sess of sessions) broken.push(brokenBySess(sess));
      for (const srv of servers) broken.push(brokenBySrv(srv));
    }
  }

  #restoreBroken(): void {
    const { sides } = this.scene;
    for (let s = 0; s < sides.length; s++) {
      const { conns, sessions, servers } = sides[s] as Side;
      const broken = this.#broken[s] as number[];
      let at = 0;
      for (const conn of conns) {
        if (conn) conn.broken = broken[at] ?? 0;
        at++;
      }
      for (const sess of sessions) sess.broken = broken[at++] ?? 0;
      for (const srv of servers) srv.broken = broken[at++] ?? 0;
    }
  }
}
