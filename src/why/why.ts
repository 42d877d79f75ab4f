import { Replay, type ReplayObserver, type StepResult } from '../replay/index.ts';
import type { Answer, Attempt, Candidate, HeldGroup } from './answers.ts';
import { rejectionsOf } from './deciders.ts';
import { placeOf } from './place.ts';
import { type Gone, type Interval, type Standing, Standings } from './standing.ts';

/** What is asked: who has held a connection, why a request got its own, or who holds what. */
export type Question =
  | { readonly kind: 'conn' | 'request'; readonly id: string }
  | { readonly kind: 'held' };

/**
 * Replays a trace and answers a question about it. It takes what a reader of traces hands on; how
 * the trace is to be read is a matter of its own rule set, unless another one is given.
 */
export class Why implements ReplayObserver {
  readonly replay: Replay;
  /** Ids of the kind that is asked for, in the order in which they came. */
  readonly ids = new Set<string>();
  readonly #question: Question;
  readonly #standings: Standings;
  readonly #attempts: Attempt[] = [];
  readonly #intervals: Interval[] = [];
  #conn: Standing | null = null;
  #gone: Gone | null = null;
  #steps = 0;
  /** The rule set that judges. */
  rules = '';

  /** @param rules judge instead of the trace's own, unless undefined */
  constructor(path: string, question: Question, rules: string | undefined) {
    this.#question = question;
    this.#standings = new Standings((standing) => this.#follow(standing));
    this.replay = new Replay(path, { record: 'state', explain: true, rules }, this);
  }

  start({ rules }: Parameters<ReplayObserver['start']>[0]): void {
    this.rules = rules;
  }

  step(step: StepResult): void {
    this.#steps = step.number;
    const { event } = step;
    const wanted = this.#question.kind === 'request' ? this.#question.id : null;
    if (wanted !== null && 'strm' in event) {
      this.ids.add(event.strm);
      if (event.strm === wanted) this.#request(step);
    }
    this.#standings.take(step);
    if (this.#question.kind !== 'conn') return;
    for (const { kind, id } of step.changes) if (kind === 'conn') this.ids.add(id);
  }

  #request(step: StepResult): void {
    const { event } = step;
    if (event.event === 'detach') {
      const last = this.#attempts.at(-1);
      if (last !== undefined) last.left ??= placeOf(step);
    }
    if (event.event !== 'connect_server' && event.event !== 'tcpcheck_eval_connect') return;
    const { target } = event;
    const { last, count } = this.#standings.goneOf(target);
    this.#attempts.push({
      place: placeOf(step),
      sess: event.sess,
      target,
      outcome: step.outcome,
      differs: step.divergences.filter(({ follows }) => follows === null),
      decisions: step.decisions,
      candidates: this.#candidates(step, target),
      gone: last,
      goneCount: count,
      left: null,
    });
  }

  #candidates({ outcome, decisions }: StepResult, target: string): Candidate[] {
    const found: Candidate[] = [];
    for (const { id, mux, now, privateSince, target: own } of this.#standings.alive.values()) {
      if (own !== target) continue;
      const by = rejectionsOf(decisions, id);
      const isTaken = outcome.reused === true && outcome.conn === id;
      const verdict = isTaken ? 'taken' : by.length > 0 ? 'rejected' : 'unseen';
      // What comes later must not change what it was.
      const then = { ...now, streams: new Set(now.streams) };
      found.push({ id, verdict, by, mux, now: then, privateSince });
    }
    const rank = ({ verdict }: Candidate) => ['taken', 'rejected', 'unseen'].indexOf(verdict);
    return found.sort((one, other) => rank(one) - rank(other));
  }

  #follow(standing: Standing): void {
    if (this.#question.kind !== 'conn' || this.#question.id !== standing.id) return;
    this.#conn = standing;
    if (this.#intervals.at(-1) !== standing.now) this.#intervals.push(standing.now);
    const [gone] = this.#standings.goneOf(standing.target).last;
    if (gone?.standing === standing) this.#gone = gone;
  }

  /** The answer, once the trace is over; null where nothing has the id that is asked for. */
  answer(): Answer | null {
    if (this.#question.kind === 'held') {
      return { kind: 'held', steps: this.#steps, groups: groupsOf(this.#standings.alive.values()) };
    }
    const { id } = this.#question;
    if (this.#question.kind === 'request') {
      return this.#attempts.length === 0 ? null : { kind: 'request', id, attempts: this.#attempts };
    }
    if (this.#conn === null) return null;
    const { target, mux, made, privateSince } = this.#conn;
    const intervals = this.#intervals;
    return { kind: 'conn', id, target, mux, made, intervals, privateSince, gone: this.#gone };
  }
}

/** The session that a connection belongs to. */
function sessionOf({ now: { listedIn, owner } }: Standing): string | null {
  return listedIn ?? owner;
}

/** How many connections each session has. */
function bySession(conns: readonly Standing[]): Map<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const standing of conns) {
    const session = sessionOf(standing);
    counts.set(session, (counts.get(session) ?? 0) + 1);
  }
  return new Map([...counts].sort(([, one], [, other]) => other - one));
}

/** Connections by how they are held, the largest groups first. */
function groupsOf(alive: Iterable<Standing>): HeldGroup[] {
  const groups = new Map<
    string,
    { group: Omit<HeldGroup, 'conns' | 'sessions'>; conns: Standing[] }
  >();
  for (const standing of alive) {
    const { target, now } = standing;
    const { holder, list } = now;
    const isPrivate = now.flags.includes('PRIVATE');
    const isOwned = sessionOf(standing) !== null;
    const key = JSON.stringify([target, holder, list, isPrivate, isOwned]);
    let known = groups.get(key);
    if (known === undefined) {
      known = { group: { target, holder, list, isPrivate }, conns: [] };
      groups.set(key, known);
    }
    known.conns.push(standing);
  }
  const bySince = (one: Standing, other: Standing) => one.now.from.step - other.now.from.step;
  return [...groups.values()]
    .map(({ group, conns }): HeldGroup => {
      return { ...group, conns: conns.sort(bySince), sessions: bySession(conns) };
    })
    .sort((one, other) => other.conns.length - one.conns.length);
}
