import { World } from '../../engine/objects/world.ts';
import type { RuleSet } from '../../engine/rule-sets/index.ts';
import { step } from '../../engine/step/step.ts';
import type { Config, TraceEvent } from '../../format/index.ts';
import { BUGS, type Bug, setsWith } from '../../history/index.ts';
import { readTrace } from '../../trace/index.ts';
import type { Find } from '../exploration.ts';
import { statedTrace } from '../found-trace.ts';
import { HUNTS, type Hunt } from './hunts.ts';

/** What a search has found in a world under one rule set. */
export interface FoundUnder {
  readonly world: string;
  readonly rules: RuleSet;
  readonly finds: readonly Find[];
}

/** What events come to under a rule set: a trace with full expectations. */
export interface Outcome {
  readonly rules: RuleSet;
  readonly text: string;
}

/** A bug by the shortest trace that meets it, and what the same events come to when it is cured. */
export interface Cure {
  readonly hunt: Hunt;
  readonly bug: Bug;
  /** Under the newest release that has the bug. */
  readonly before: Outcome;
  /** Under the rule set that cured it. */
  readonly after: Outcome;
}

function bugOf({ bug }: Hunt): Bug {
  const known = BUGS.find(({ name }) => name === bug);
  if (known === undefined) throw new Error(`the history has no bug ${bug}`);
  return known;
}

/** The rule sets under which a hunt meets its bug, oldest first. */
export function setsOfHunt(hunt: Hunt): RuleSet[] {
  const sets = setsWith(bugOf(hunt));
  return sets.slice(
    Math.max(
      sets.findIndex(({ id }) => id === hunt.since),
      0,
    ),
  );
}

/** Of rule sets the newest that is a release, if there is one, else the newest. */
function newestRelease(sets: readonly RuleSet[]): RuleSet | undefined {
  return sets.findLast(({ id, release }) => id === release) ?? sets.at(-1);
}

/**
 * Lets events happen under another rule set, with `conn` of each connect as it comes to be there.
 *
 * @throws Error when one of them cannot happen
 */
function happenAgain(config: Config, rules: RuleSet, events: readonly TraceEvent[]): TraceEvent[] {
  const world = new World(config, rules);
  let conns = 0;
  world.nameConnection = () => `c${conns + 1}`;
  return events.map((event) => {
    const outcome = step(world, event);
    if (outcome.kind === 'impossible') throw new Error(`${rules.id}: ${outcome.reason}`);
    if (world.connections.has(`c${conns + 1}`)) conns++;
    if (event.event !== 'connect_server') return event;
    const conn = outcome.kind === 'done' ? outcome.returned.conn : null;
    const { conn: _, ...asked } = event;
    return conn ? { ...asked, conn: conn.id } : asked;
  });
}

/** What happened, without what is said about it. */
function bare(event: TraceEvent): TraceEvent {
  const { expect: _, ...inputs } = event;
  // Every other key is still there.
  return inputs as TraceEvent;
}

/** The two sides of a find. */
function cureOf(hunt: Hunt, { text }: Find, before: RuleSet, after: RuleSet): Cure {
  const { header, events: lines } = readTrace(hunt.world, text);
  const config = header?.config ?? {};
  const events = lines.map(({ event }) => bare(event));
  const bug = bugOf(hunt);
  const source = { kind: 'found', world: hunt.world, property: hunt.finding, bug: bug.name };
  const told = (rules: RuleSet, title: string, own: readonly TraceEvent[]): Outcome => {
    return { rules, text: statedTrace({ title, rules: rules.id, config, source }, own) };
  };
  return {
    hunt,
    bug,
    before: told(before, `${bug.name} in ${before.id}: ${bug.says}`, events),
    after: told(
      after,
      `${bug.name} is cured in ${after.id}: no more is it that ${bug.says}`,
      happenAgain(config, after, events),
    ),
  };
}

/**
 * The bugs that are met under the newest release that has them and not under the rule set that
 * cured them, where both were searched.
 *
 * @throws Error when the events of a find cannot happen under the rule set that cured the bug
 */
export function curesIn(found: readonly FoundUnder[]): Cure[] {
  const findOf = ({ world, finding }: Hunt, rules: RuleSet | undefined): Find | undefined =>
    found
      .find((each) => each.world === world && each.rules === rules)
      ?.finds.find((find) => find.finding === finding);
  return HUNTS.flatMap((hunt) => {
    const before = newestRelease(setsOfHunt(hunt));
    const after = found.find(({ rules }) => rules.id === bugOf(hunt).until)?.rules;
    const find = findOf(hunt, before);
    if (before === undefined || after === undefined || find === undefined) return [];
    return findOf(hunt, after) === undefined ? [cureOf(hunt, find, before, after)] : [];
  });
}
