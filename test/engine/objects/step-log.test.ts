import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../src/engine/objects/rule.ts';
import { StepLog } from '../../../src/engine/objects/step-log.ts';
import { decisionText } from '../../../src/engine/view/observe.ts';
import { POST, PRE, scene, the } from '../support.ts';

const RULE: Rule = {
  id: 'a.rule',
  fn: 'f',
  file: 'src/f.c',
  says: '{0|it}: {1|one} {2|two} {3|three} {4|four}',
  decides: [],
  role: null,
};

/** What the last step of a scene decided, in words. */
function says({ w }: ReturnType<typeof scene>): string[] {
  return w.log.decisions().map((decision) => decisionText(w, decision));
}

describe('a decision', () => {
  it('keeps its subject and up to four operands, also those that are nothing', () => {
    const log = new StepLog();
    log.decide(RULE, 'c1');
    log.decide(RULE, null, 0, false, null, 'x');
    log.decide(RULE, 'c2', 7);
    expect(log.decisions().map(({ subject, operands }) => [subject, ...operands])).toEqual([
      ['c1'],
      [null, 0, false, null, 'x'],
      ['c2', 7],
    ]);
  });

  it('knows nothing of those of an earlier step, whose place it takes', () => {
    const log = new StepLog();
    log.decide(RULE, 'c1', 1, 2, 3, 4);
    log.decide(RULE, 'c2');
    log.clear();
    log.decide(RULE, 'c3', 5);
    expect(log.decisionCount).toBe(1);
    expect(log.decisions()).toEqual([{ rule: RULE, subject: 'c3', operands: [5] }]);
    expect(log.decision(1)).toBeUndefined();
  });

  it('is seen by whoever counts rules, in order', () => {
    const log = new StepLog();
    const other = { ...RULE, id: 'an.other' };
    for (const rule of [RULE, other, RULE]) log.decide(rule, 'c1');
    const seen: string[] = [];
    log.eachRule(({ id }) => seen.push(id));
    expect(seen).toEqual(['a.rule', 'an.other', 'a.rule']);
  });
});

describe('a decision in words', () => {
  it('puts things in their places and general words where there is none', () => {
    const { w } = scene(POST);
    const text = (operands: (string | number | null)[]) =>
      decisionText(w, { rule: RULE, subject: 'c1', operands });
    expect(text([])).toBe('c1: one two three four');
    expect(text([1, null, Number.POSITIVE_INFINITY])).toBe('c1: 1 nobody unlimited four');
  });

  it('keeps braces of an id that look like a place', () => {
    const { w } = scene(POST);
    const text = decisionText(w, { rule: RULE, subject: '{1|x} $& $1', operands: ['{2|y}'] });
    expect(text).toBe('{1|x} $& $1: {2|y} two three four');
  });

  it('names a session that ends in this step as it is, and a tombstone as one', () => {
    const s = scene(PRE, { reuse: 'never', srv: { alpn: 'h2' } })
      .session('s1')
      .connect('t1');
    s.createMux('c1', 'h1').detach('t1').free('s1');
    expect(says(s)).toEqual([
      's1 ends with its list',
      'c1 is owned by s1 but not in its list: nobody visits it, and its owner dangles',
    ]);
    expect(the(s.conn('c1')).owner).toBe('s1!freed');
    s.session('s2').connect('t2', { sess: 's2' });
    s.w.log.decide(RULE, s.connection('c1'), s.connection('c1').owner);
    expect(says(s).at(-1)).toBe('c1: s1!freed two three four');
  });
});
