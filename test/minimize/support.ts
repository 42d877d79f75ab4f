import { promisedUnder, takeBreaches } from '../../src/engine/invariants/index.ts';
import { firstFreeName, World } from '../../src/engine/objects/world.ts';
import { findRuleSet } from '../../src/engine/rule-sets/index.ts';
import { endSite } from '../../src/engine/step/crash-site.ts';
import { isEnd, step } from '../../src/engine/step/step.ts';
import { type Header, TRACE_FORMAT, type TraceEvent } from '../../src/format/index.ts';
import {
  type Minimized,
  minimize,
  type Property,
  Recording,
  type Signature,
  signatureText,
} from '../../src/minimize/index.ts';
import { ConnNames } from '../../src/replay/conn-names.ts';
import { Replay } from '../../src/replay/index.ts';
import type { Divergence } from '../../src/replay/result.ts';
import { formatTrace, readTrace, TraceReader } from '../../src/trace/index.ts';

/** A header with one frontend, one H2 server under http-reuse always, and what is given. */
export function sharedHeader(more: Partial<Header> = {}): Header {
  const config = {
    frontends: { fe: {} },
    backends: { b: { 'http-reuse': 'always' } },
    servers: { 'b/srv': { proto: 'h2' } },
  } as const;
  return { trace: TRACE_FORMAT, config, ...more };
}

/** Minimises a valid trace to the end. */
export function minimized(
  text: string,
  property: Property | null = null,
  rules?: string,
): Minimized | null {
  const recording = new Recording(
    'trace',
    { rules, ignoreExpectations: property !== null },
    ({ line, what }) => {
      throw new Error(`line ${line}: ${what}`);
    },
  );
  const reader = new TraceReader('trace', recording);
  reader.write(Buffer.from(text));
  reader.end();
  const recorded = recording.end();
  if (recorded === null) throw new Error('an invalid trace');
  const steps = minimize(recorded, property);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same, of a trace that shows something. */
export function small(text: string, property: Property | null = null, rules?: string): Minimized {
  const result = minimized(text, property, rules);
  if (result === null) throw new Error('nothing to minimise');
  return result;
}

/** A trace as data, in which nothing is wrong. */
export interface Read {
  readonly header: Header;
  readonly events: readonly TraceEvent[];
}

export function read(text: string): Read {
  const { header, events, problems } = readTrace('trace', text);
  if (header === null || problems.length > 0) throw new Error(JSON.stringify(problems));
  return { header, events: events.map(({ event }) => event) };
}

/** What a replay finds different in a trace. */
export function divergencesOf(text: string): Divergence[] {
  const { header, events } = read(text);
  const found: Divergence[] = [];
  const observer = {
    start: () => {},
    step: ({ divergences }: { divergences: readonly Divergence[] }) => found.push(...divergences),
  };
  const replay = new Replay('trace', { record: 'nothing' }, observer);
  replay.header(header, 1);
  for (const [at, event] of events.entries()) replay.event(event, at + 2);
  return found;
}

/**
 * Drops what cannot happen, in a second, dumber way: each time anything is wrong with the trace,
 * one event is dropped or one claim put right, and everything begins anew.
 */
function repaired({ header, events }: Read): Read {
  for (let current = events; ; ) {
    const next = withoutProblem(header, current) ?? withoutImpossible(header, current);
    if (next === null) return { header, events: current };
    current = next;
  }
}

function withoutProblem(header: Header, events: readonly TraceEvent[]): TraceEvent[] | null {
  const { problems } = readTrace('trace', formatTrace(header, events));
  const [problem] = problems;
  return problem === undefined ? null : events.toSpliced(problem.line - 2, 1);
}

/**
 * The crash and the broken promises of what is left of some events, as `signatureText` tells them,
 * in the order in which they happen.
 */
export function shownBy({ header, events }: Read): Set<string> {
  const bare = events.map(({ expect: _, ...event }) => event as TraceEvent);
  return look(repaired({ header, events: bare }));
}

/** Whether what is left of some events says anything that cannot be. */
export function saysImpossible(trace: Read): boolean {
  const { header, events } = repaired(trace);
  const rules = findRuleSet(header.rules ?? '08016ab82');
  if (!rules) throw new Error(`no rule set ${header.rules}`);
  const w = new World(header.config ?? {}, rules);
  return events.some((event) => step(w, event).kind === 'done' && w.log.odd.length > 0);
}

/** Names that events give to what can be named in a value, but for servers. */
function namesOf(events: readonly TraceEvent[]): string[] {
  const unnamed = new Map<string, number>();
  return events.flatMap((event) => {
    const names = 'sess' in event ? [event.sess] : [];
    if ('conn' in event && event.conn !== undefined) names.push(event.conn);
    else if (event.event === 'connect_server') {
      const { strm } = event;
      const count = (unnamed.get(strm) ?? 0) + 1;
      unnamed.set(strm, count);
      names.push(count === 1 ? `${strm}.conn` : `${strm}.conn.${count}`);
    }
    return names;
  });
}

function serversOf(events: readonly TraceEvent[]): string[] {
  return events.flatMap((event) => [
    ...('target' in event ? [event.target] : []),
    ...('srv' in event ? [event.srv] : []),
  ]);
}

/**
 * What is expected and what came of it with numbers for names, in the order in which the values
 * have them, whether an event before the last one has the name, and who is alive after that; a
 * second, dumber way to compare what two traces differ in.
 *
 * @param trace up to the divergence
 */
export function pairOf({ field, expected, actual }: Divergence, { header, events }: Read): string {
  const servers = new Set(serversOf(events));
  const names = [...new Set([...namesOf(events), ...servers])];
  names.sort((one, other) => other.length - one.length);
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const world = worldOf(header);
  const taken = new ConnNames();
  world.nameConnection = taken.next;
  let got: string | undefined;
  for (const event of events) {
    const outcome = step(world, event);
    got = outcome.kind === 'done' ? outcome.returned.conn?.id : undefined;
    taken.learn(world);
  }
  const last = events.at(-1);
  const claimed = last && 'strm' in last && 'conn' in last ? last.conn : undefined;
  // A connection that is claimed in vain belongs to what is expected of the one that came of it.
  const isAboutIt = ['ret', 'reused', 'conn'].includes(field) && claimed !== got;
  const text = JSON.stringify([expected, actual, isAboutIt ? claimed : undefined]);
  if (escaped.length === 0) return text;
  const before = new Set(namesOf(events.slice(0, -1)));
  const numbers = new Map<string, number>();
  const anyName = new RegExp(`(?<![\\w./])(?:${escaped.join('|')})(?![\\w./])`, 'g');
  return text.replace(anyName, (name) => {
    if (!numbers.has(name)) numbers.set(name, numbers.size);
    if (servers.has(name)) return `server ${numbers.get(name)}`;
    const isAlive = world.connections.has(name) || world.sessions.has(name);
    return `${before.has(name) ? 'known' : 'new'} ${isAlive} ${numbers.get(name)}`;
  });
}

/** The difference that the last of some events shows, after what is left of the others. */
export function differenceOf({ header, events }: Read): string | null {
  const last = events.at(-1);
  if (last === undefined) return null;
  const others = repaired({ header, events: events.slice(0, -1) });
  const text = formatTrace(header, [...others.events, last]);
  if (readTrace('trace', text).problems.length > 0) return null;
  const first = divergencesOf(text)[0];
  if (first === undefined) return null;
  const { kind, subject, field, decidedBy } = first;
  if (kind === 'impossible') return `impossible ${String(first.actual).replaceAll(/\d+/g, '*')}`;
  const place = field.replace(`${subject.kind}.${subject.id}`, `${subject.kind}.*`);
  const shown = signatureText({ kind: 'divergence', field: place, rule: decidedBy?.rule ?? null });
  return `${shown} ${pairOf(first, { header, events: [...others.events, last] })}`;
}

function worldOf({ rules, config }: Header): World {
  const set = findRuleSet(rules ?? '08016ab82');
  if (set === undefined) throw new Error(`unknown rules ${rules}`);
  const world = new World(config ?? {}, set);
  const names = new Set<string>();
  world.nameConnection = (strm, claimed) => {
    for (const id of world.connections.keys()) names.add(id);
    return firstFreeName(strm, claimed, (id) => names.has(id));
  };
  return world;
}

function withoutImpossible(header: Header, events: readonly TraceEvent[]): TraceEvent[] | null {
  const world = worldOf(header);
  for (const [at, event] of events.entries()) {
    const outcome = step(world, event);
    if (isEnd(outcome)) return null;
    if (outcome.kind === 'impossible') return events.toSpliced(at, 1);
    if (event.event !== 'connect_server') continue;
    const { conn } = outcome.returned;
    if (conn && event.conn !== conn.id) return events.with(at, { ...event, conn: conn.id });
  }
  return null;
}

function look({ header, events }: Read): Set<string> {
  const world = worldOf(header);
  const shown = new Set<string>();
  const add = (signature: Signature): unknown => shown.add(signatureText(signature));
  for (const event of events) {
    const outcome = step(world, event);
    if (isEnd(outcome)) {
      add({ kind: outcome.kind, site: endSite(world, outcome) });
      break;
    }
    // Of those that one step breaks, in the order of their list.
    const broken = new Set(takeBreaches(world).map(({ invariant }) => invariant.name));
    for (const name of promisedUnder(world.rules)) {
      if (broken.has(name)) add({ kind: 'broken', invariant: name });
    }
  }
  return shown;
}
