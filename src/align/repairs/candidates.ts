import type { TraceEvent } from '../../format/index.ts';
import { challenges, challengesOfOthers } from './challenges.ts';
import type { Op, Repair } from './edit.ts';
import { aroundEnd, aroundLoss, notKept } from './ends.ts';
import { breaksIntroduction } from './introductions.ts';
import { addedBefore } from './lost.ts';
import { drops, moves } from './order.ts';
import { priceOf } from './price.ts';
import { relaxations } from './relax.ts';
import { connOf, type Misfit, type Scene } from './scene.ts';

/** Repairs of which two at a time are tried, the first ones. */
const PAIRED = 24;

/** A repair, and what it costs before anything is said of what follows. */
export interface Candidate {
  readonly repair: Repair;
  readonly price: number;
  /** Two repairs at a time: they are tried where no single one does. */
  readonly isPair: boolean;
}

/** Repairs of a place that may do, those that cost least first, the likely ones before others. */
export function* candidatesFor(misfit: Misfit, scene: Scene): Generator<Candidate> {
  const { events } = scene;
  const seen = new Set<string>();
  const singles: Candidate[] = [];
  for (const repair of allFor(misfit, scene)) {
    const key = JSON.stringify(repair);
    if (seen.has(key)) continue;
    seen.add(key);
    if (breaksIntroduction(repair, events)) continue;
    if (!repair.every((op) => canBeSaid(op, scene))) continue;
    singles.push({ repair, price: priceOf(repair, events), isPair: false });
  }
  singles.sort((one, other) => one.price - other.price);
  yield* singles;
  yield* pairs(singles);
}

function* allFor(misfit: Misfit, scene: Scene): Generator<Repair> {
  yield* addedBefore(misfit, scene);
  yield* aroundLoss(misfit, scene);
  yield* aroundEnd(misfit, scene);
  yield* notKept(misfit, scene);
  yield* laterOrNot(misfit);
  yield* challenges(misfit, scene);
  yield* challengesOfOthers(misfit, scene);
  yield* moves(misfit, scene);
  yield* drops(misfit, scene);
  yield* relaxations(misfit);
}

/** Whether a trace has names for what an event that is added is about. */
function canBeSaid(op: Op, { named }: Scene): boolean {
  const conn = op.op === 'add' ? connOf(op.event) : null;
  return conn === null || named.has(conn);
}

/** Two repairs of one part each at a time. */
function* pairs(singles: readonly Candidate[]): Generator<Candidate> {
  const simple = singles.filter(({ repair }) => repair.length === 1).slice(0, PAIRED);
  for (const [at, one] of simple.entries()) {
    for (const other of simple.slice(at + 1)) {
      const repair = [...one.repair, ...other.repair];
      yield { repair, price: one.price + other.price, isPair: true };
    }
  }
}

/** A request is not its client's first, or is. */
function* laterOrNot({ event, at }: Misfit): Generator<Repair> {
  if (event.event !== 'connect_server') return;
  const { not_first: isLater = false, ...rest } = event;
  const told: TraceEvent = isLater ? rest : { ...rest, not_first: true };
  yield [{ op: 'amend', at, event: told }];
}
