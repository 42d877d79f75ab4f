import { kindOfPart } from './parts.ts';

/**
 * What has to be known of some rules besides what they decide. Of a search:
 *
 * - `passes-over`: a candidate, the subject, is not taken;
 * - `lists-nobody`: the session lists none at all, where alone a private connection is found;
 * - `finds-nobody`: the search is over without a result.
 *
 * Of anything else:
 *
 * - `leaves-list`: the subject leaves the list that is named, no other is concerned;
 * - `repeats`: what was decided just before had come true already.
 */
export type RuleRole = 'passes-over' | 'lists-nobody' | 'finds-nobody' | 'leaves-list' | 'repeats';

/** A part of the outcome that a rule decides. */
export interface Decided {
  /** One of PARTS. */
  readonly part: string;
  /**
   * Of which object: the subject of the decision (0) or one of its operands (1 to 4). Null: of
   * every object in the decision that has such a part. `all`: of every one there is.
   */
  readonly of: number | 'all' | null;
  /** It only leads there: a function that is called next decides. */
  readonly leads: boolean;
}

/**
 * A rule: one way in which a modelled function can decide. Its id is stable, so that reports,
 * coverage and comparisons can name it.
 */
export interface Rule {
  /** e.g. `session.add.not-owner` */
  readonly id: string;
  /** HAProxy's function, e.g. `session_add_conn`; a flag that many set has its own name. */
  readonly fn: string;
  /** HAProxy's file, e.g. `include/haproxy/session.h`. */
  readonly file: string;
  /**
   * The rule in one sentence, with places such as `{1|the session}`: the subject of a decision is
   * number 0, its operands are 1 to 4, and the words after the bar stand where there is none. What
   * is in brackets, `[ (free: {1})]`, stands where there are those that it names; else what is
   * after its bar, `[thread {2}|another thread]`, or nothing.
   */
  readonly says: string;
  /** Parts of the outcome that the rule writes, or keeps as they are: nothing else does after it. */
  readonly decides: readonly Decided[];
  /** What has to be known of it besides; of most rules nothing. */
  readonly role: RuleRole | null;
}

const known = new Map<string, Rule>();

/** `owner`, `prefer_last@1`, `conn@all`, `~listed_in` */
function decidedOf(rule: string, word: string): Decided {
  const leads = word.startsWith('~');
  const [part = '', of] = word.slice(leads ? 1 : 0).split('@');
  const isPlace = of === undefined || of === 'all' || /^[0-4]$/.test(of);
  if (kindOfPart(part) === undefined || !isPlace) {
    throw new Error(`rule ${rule} decides ${word}, which is no part of an outcome`);
  }
  return { part, of: of === undefined ? null : of === 'all' ? of : Number(of), leads };
}

/** A declaration of a rule, as `rulesOf()` takes it. */
export type Declare = (id: string, says: string, decides?: string, role?: RuleRole) => Rule;

/**
 * Declares the rules of one modelled function, next to it.
 *
 * @param decides parts of the outcome, separated by blanks, each with the number of the object in
 * the decision that it is a part of where not all are meant, e.g. `owner prefer_last@1`; `~` stands
 * before a part that a function called next decides
 */
export function rulesOf(fn: string, file: string): Declare {
  return (id, says, decides = '', role) => {
    if (known.has(id)) throw new Error(`rule ${id} is declared twice`);
    const parts = decides === '' ? [] : decides.split(' ').map((word) => decidedOf(id, word));
    const rule = { id, fn, file, says, decides: parts, role: role ?? null };
    known.set(id, rule);
    return rule;
  };
}

/** `{1|the session}` */
const PLACE = /\{(\d)(?:\|([^}]*))?\}/g;
/** `[ (free: {1})]`, `[thread {2}|another thread]` */
const PART = /\[((?:[^[\]{}|]|\{[^}]*\})*)(?:\|([^\]]*))?\]/g;

/**
 * The sentence of a rule, with the things that a decision was about in their places, or in
 * general when there are none.
 */
export function sentenceOf(rule: Rule, things: readonly string[] = []): string {
  const parts = rule.says.replace(PART, (_, part: string, otherwise = '') =>
    [...part.matchAll(PLACE)].every(([, at]) => things[Number(at)] !== undefined)
      ? part
      : otherwise,
  );
  return parts.replace(PLACE, (_, at: string, general = '') => things[Number(at)] ?? general);
}

/** Every rule of the engine, in order of declaration. */
export function allRules(): readonly Rule[] {
  return [...known.values()];
}
