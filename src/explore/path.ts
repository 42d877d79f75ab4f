import { step } from '../engine/step/step.ts';
import { type EventOf, isConnect, type TraceEvent } from '../format/index.ts';
import type { Search } from '../search/search.ts';
import type { OwnershipModel } from './ownership-model.ts';
import { PREFERRED_NAMES, RETRYING_NAMES, SESS_NAMES } from './state/names.ts';
import { Packer } from './state/packer.ts';
import type { Scene } from './state/scene.ts';

/** The names of a state of the search, and what a trace calls the same objects. */
class Naming {
  readonly #names = new Map<string, string>();

  set(local: string | undefined, real: string | undefined): void {
    if (local !== undefined && real !== undefined) this.#names.set(local, real);
  }

  of(local: string): string {
    const real = this.#names.get(local);
    if (real === undefined) throw new Error(`path: nothing in the trace is called ${local}`);
    return real;
  }

  has(local: string): boolean {
    return this.#names.has(local);
  }
}

/**
 * Makes the events of a path from what the search keeps of it: the states, and the numbers of the
 * actions between them. The path is taken once more, with worlds whose objects keep their names.
 */
export class PathEvents {
  readonly #model: OwnershipModel;
  readonly #scene: Scene;
  readonly #packer: Packer;
  readonly #modelPacker: Packer;
  /** Streams that may connect again, by session; the last one that left stands last. */
  readonly #detached = new Map<string, string[]>();
  /** The session of each stream that has connected. */
  readonly #owners = new Map<string, string>();
  #sessions = 0;
  #streams = 0;
  #conns = 0;

  /** @param model the model that was searched; its open state is lost */
  constructor(model: OwnershipModel) {
    this.#model = model;
    this.#scene = model.anotherScene();
    this.#packer = new Packer(this.#scene);
    this.#modelPacker = new Packer(model.scene);
  }

  /**
   * The events that lead from the first state over all states of a path, and then one action on.
   *
   * @throws Error when the path leads elsewhere than it did: the model is not deterministic then,
   * which means that a state leaves something out that its rules look at
   */
  events(search: Search, from: number, action: number): TraceEvent[] {
    const path = search.pathTo(from);
    Object.assign(this.#scene.budget, this.#model.startBudget());
    const events: TraceEvent[] = [];
    path.forEach((place, at) => {
      const { words, at: start } = search.store.read(place);
      this.#model.open(words, start);
      this.#check(events);
      const next = path[at + 1];
      events.push(this.#take(next === undefined ? action : search.store.actionOf(next)));
    });
    return events;
  }

  /** The state that the trace has come to is the one that the search has stored. */
  #check(events: readonly TraceEvent[]): void {
    const length = this.#packer.pack();
    const lengthStored = this.#modelPacker.pack();
    const { words } = this.#packer;
    const stored = this.#modelPacker.words.subarray(0, lengthStored);
    if (length === lengthStored && stored.every((word, at) => word === words[at])) return;
    const last = JSON.stringify(events.at(-1) ?? null);
    throw new Error(
      `path: after ${events.length} events the state is not the one that the search stored. ` +
        'The model is not deterministic: something that a rule looks at is no part of the packed ' +
        `state, or depends on names or on their order. Last event: ${last}`,
    );
  }

  /** Takes an action of the open state, in the model and in the trace. */
  #take(action: number): TraceEvent {
    const model = this.#model;
    const naming = this.#naming();
    const move = model.moveOf(action);
    const event = this.#translate(move.event, naming);
    model.take(action);
    for (const { world } of this.#scene.sides) step(world, event);
    this.#follow(move.event, event, naming);
    return this.#settled(event);
  }

  /** What the objects of the open state are called in the trace: both stand in the same order. */
  #naming(): Naming {
    const naming = new Naming();
    const { roster: ours } = this.#packer;
    const { roster: theirs } = this.#modelPacker;
    for (let rank = 0; rank < ours.sessionCount; rank++) {
      const place = ours.sessionPlaces[rank] ?? 0;
      const real = ours.gathering.sessionNames[place];
      const local = theirs.gathering.sessionNames[theirs.sessionPlaces[rank] ?? 0];
      naming.set(local, real);
      const slot = SESS_NAMES.indexOf(local ?? '');
      naming.set(RETRYING_NAMES[slot], this.#detached.get(real ?? '')?.at(-1));
      for (const { sessions } of ours.gathering.sides) {
        naming.set(PREFERRED_NAMES[slot], sessions[place]?.preferredBy ?? undefined);
      }
    }
    for (let rank = 0; rank < ours.connCount; rank++) {
      const local = theirs.gathering.connNames[theirs.connPlaces[rank] ?? 0];
      naming.set(local, ours.gathering.connNames[ours.connPlaces[rank] ?? 0]);
    }
    for (let rank = 0; rank < ours.streamCount; rank++) {
      const local = theirs.gathering.streamNames[theirs.streamPlaces[rank] ?? 0];
      naming.set(local, ours.gathering.streamNames[ours.streamPlaces[rank] ?? 0]);
    }
    return naming;
  }

  /** The event with the names of the trace; what it introduces gets the next free ones. */
  #translate(event: TraceEvent, naming: Naming): TraceEvent {
    const names: { sess?: string; strm?: string; conn?: string; victims?: string[] } = {};
    if ('sess' in event) {
      if (event.event === 'session_new') naming.set(event.sess, `s${++this.#sessions}`);
      names.sess = naming.of(event.sess);
    }
    if ('strm' in event) {
      const introduces = event.event === 'assign_server' || !naming.has(event.strm);
      if (introduces) naming.set(event.strm, `t${++this.#streams}`);
      names.strm = naming.of(event.strm);
    }
    if ('conn' in event && event.conn !== undefined) {
      if (!naming.has(event.conn)) naming.set(event.conn, `c${this.#conns + 1}`);
      names.conn = naming.of(event.conn);
    }
    if ('victims' in event && event.victims !== undefined) {
      names.victims = event.victims.map((id) => naming.of(id));
    }
    return { ...event, ...names };
  }

  /** Takes over what the event means to the surroundings, in the names of the trace. */
  #follow(local: TraceEvent, event: TraceEvent, naming: Naming): void {
    const scene = this.#scene;
    const { scene: model } = this.#model;
    Object.assign(scene.budget, model.budget);
    scene.detached.clear();
    for (const [name, count] of model.detached) scene.detached.set(naming.of(name), count);
    scene.threads.clear();
    for (const [name, thread] of model.threads) scene.threads.set(naming.of(name), thread);
    scene.sides.forEach((side, s) => {
      side.threads.clear();
      for (const [name, thread] of model.sides[s]?.threads ?? []) {
        if (naming.has(name)) side.threads.set(naming.of(name), thread);
      }
    });
    this.#followStream(local, event);
    const made = `c${this.#conns + 1}`;
    if (scene.sides.some(({ world }) => world.connections.has(made))) this.#conns++;
  }

  #followStream(local: TraceEvent, event: TraceEvent): void {
    if (event.event === 'session_free') this.#detached.delete(event.sess);
    const connects = isConnect(event);
    if (connects && 'strm' in local && RETRYING_NAMES.includes(local.strm)) {
      const waiting = this.#detached.get(event.sess) ?? [];
      this.#detached.set(event.sess, waiting.slice(0, -1));
    }
    const isAttached = (strm: string): boolean =>
      this.#scene.sides.some(({ world }) => world.streams.has(strm));
    if (connects && !isAttached(event.strm)) this.#addDetached(event.sess, event.strm);
    if (event.event === 'detach' && !event.blocked) {
      this.#addDetached(this.#owners.get(event.strm) ?? '', event.strm);
    }
    if (connects) this.#owners.set(event.strm, event.sess);
  }

  #addDetached(sess: string, strm: string): void {
    this.#detached.set(sess, [...(this.#detached.get(sess) ?? []), strm]);
  }

  /** The event as a trace says it: `conn` is the connection that the stream has ended up with. */
  #settled(event: TraceEvent): TraceEvent {
    const settled = this.#withVictims(event);
    return settled.event === 'connect_server' || settled.event === 'check_connect'
      ? this.#withConn(settled)
      : settled;
  }

  /** Who had to go, which may be fewer than were named. */
  #withVictims(event: TraceEvent): TraceEvent {
    if (!('victims' in event) || event.victims === undefined) return event;
    const chosen = this.#scene.sides.at(-1)?.world.victims.chosen ?? [];
    const { victims: _, ...rest } = event;
    return chosen.length === 0 ? rest : { ...rest, victims: chosen.map(({ id }) => id) };
  }

  #withConn(event: EventOf<'connect_server' | 'check_connect'>): TraceEvent {
    const world = this.#scene.sides.at(-1)?.world;
    const cs = world?.streams.get(event.strm);
    const { conn: claimed, ...rest } = event;
    if (cs) return { ...rest, conn: cs.conn.id };
    // A name that nothing came of is none.
    return claimed !== undefined && world?.connections.has(claimed) ? event : rest;
  }
}
