import type { Trace } from './trace.ts';

/** Something that a search has found: a name, and the steps that it is in. */
export interface Found {
  readonly what: 'step' | 'connection' | 'session' | 'event' | 'rule' | 'object';
  readonly name: string;
  /** Rows, ascending. */
  readonly rows: readonly number[];
  /** By band and place, what has a lane. */
  readonly lane?: { readonly kind: 'conn' | 'sess'; readonly place: number; readonly step: number };
}

/** Names that are told at most; how many more there are is told as well. */
const FOUND_MAX = 12;

/** How well a name matches: as a whole, from its beginning, or somewhere. */
function rankOf(name: string, wanted: string): number {
  const lower = name.toLowerCase();
  if (lower === wanted) return 0;
  if (lower.startsWith(wanted)) return 1;
  return lower.includes(wanted) ? 2 : 3;
}

/** Rows by the name or the rule that they hold. */
function rowsWith(count: number, holds: (row: number) => boolean): number[] {
  const rows: number[] = [];
  for (let row = 0; row < count; row++) if (holds(row)) rows.push(row);
  return rows;
}

interface Candidate {
  readonly what: 'event' | 'rule' | 'object';
  readonly name: string;
  readonly number: number;
}

function candidates(trace: Trace): Candidate[] {
  const events = new Set(trace.events);
  const objects = new Set(trace.ids);
  return [
    ...[...events].map((number) => ({ what: 'event' as const, name: trace.name(number), number })),
    ...[...objects].map((number) => ({
      what: 'object' as const,
      name: trace.name(number),
      number,
    })),
    ...trace.rules.map(([name], number) => ({ what: 'rule' as const, name, number })),
  ];
}

function isRowOf(trace: Trace, { what, number }: Candidate): (row: number) => boolean {
  if (what === 'event') return (row) => trace.events[row] === number;
  if (what === 'rule') {
    const lists = new Set(
      trace.ruleLists.flatMap((list, at) => (list.includes(number) ? [at] : [])),
    );
    return (row) => lists.has(trace.ruleList[row] ?? -1);
  }
  return (row) => {
    const end = trace.idStart[row + 1] ?? 0;
    for (let at = trace.idStart[row] ?? 0; at < end; at++) {
      if (trace.ids[at] === number) return true;
    }
    return false;
  };
}

/** Makes a thing that is found one with a lane, where it has one. */
function withLane(trace: Trace, found: Found): Found {
  for (const kind of ['conn', 'sess'] as const) {
    const step = trace.numberOf(found.rows[0] ?? 0);
    const subject = trace.subjectOf(0, kind, found.name, step);
    if (subject === null) continue;
    const what = kind === 'conn' ? 'connection' : 'session';
    return { ...found, what, lane: { kind, place: subject.place, step } };
  }
  return found;
}

/** What a search comes to: the best matches first, and how many more there are. */
export interface Search {
  readonly found: readonly Found[];
  readonly more: number;
}

/** Finds events, rules, the ids of all objects, and a step by its number. */
export function search(trace: Trace, wanted: string): Search {
  const text = wanted.trim().toLowerCase();
  if (text === '') return { found: [], more: 0 };
  const matching = candidates(trace)
    .map((candidate) => ({ candidate, rank: rankOf(candidate.name, text) }))
    .filter(({ rank }) => rank < 3)
    .sort((one, other) => one.rank - other.rank);
  const found = matching.slice(0, FOUND_MAX).map(({ candidate }) => {
    const { what, name } = candidate;
    const rows = rowsWith(trace.count, isRowOf(trace, candidate));
    return what === 'object' ? withLane(trace, { what, name, rows }) : { what, name, rows };
  });
  const step = /^\d+$/.test(text) ? trace.rowOf(Number(text)) : -1;
  const isStep = step >= 0 && trace.numberOf(step) === Number(text);
  return {
    found: isStep ? [{ what: 'step', name: text, rows: [step] }, ...found] : found,
    more: matching.length - Math.min(matching.length, FOUND_MAX),
  };
}
