/**
 * A rule: one way in which a modelled function can decide. Its id is stable, so that reports,
 * coverage and comparisons can name it.
 */
export interface Rule {
  /** e.g. `session.add.not-owner` */
  readonly id: string;
  /** HAProxy's function, e.g. `session_add_conn`. */
  readonly fn: string;
  /** HAProxy's file, e.g. `include/haproxy/session.h`. */
  readonly file: string;
  /**
   * The rule in one sentence, with places such as `{1|the session}`: the subject of a decision is
   * number 0, its operands are 1 to 4, and the words after the bar stand where there is none.
   */
  readonly says: string;
  /** Parts of the outcome that the rule can decide, named as in `expect`. */
  readonly decides: readonly string[];
}

const known = new Map<string, Rule>();

/**
 * Declares the rules of one modelled function, next to it.
 *
 * @param decides parts of the outcome, separated by blanks, e.g. `owner flags`
 */
export function rulesOf(fn: string, file: string) {
  return (id: string, says: string, decides = ''): Rule => {
    if (known.has(id)) throw new Error(`rule ${id} is declared twice`);
    const rule = { id, fn, file, says, decides: decides === '' ? [] : decides.split(' ') };
    known.set(id, rule);
    return rule;
  };
}

/**
 * The sentence of a rule, with the things that a decision was about in their places, or in
 * general when there are none.
 */
export function sentenceOf(rule: Rule, things: readonly string[] = []): string {
  return rule.says.replace(
    /\{(\d)\|([^}]*)\}/g,
    (_, at: string, general: string) => things[Number(at)] ?? general,
  );
}

/** Every rule of the engine, in order of declaration. */
export function allRules(): readonly Rule[] {
  return [...known.values()];
}
