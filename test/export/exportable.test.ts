import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findRuleSet } from '../../src/engine/index.ts';
import { Exploration, presetOf } from '../../src/explore/index.ts';
import { isRefusal, realise } from '../../src/export/index.ts';
import { readTrace } from '../../src/trace/index.ts';
import { replay } from '../cli/run.ts';

/** Searches a world for all crashes. */
function crashes(name: string, exportable: boolean): { finding: string; text: string }[] {
  const world = presetOf(name);
  const rules = findRuleSet('2.6.0');
  if (world === undefined || rules === undefined) throw new Error(name);
  const exploration = new Exploration(world, {
    name,
    rules,
    from: null,
    properties: ['no-crash'],
    exportable,
    all: true,
    bounds: {},
  });
  while (exploration.run(10_000));
  return exploration.takeFinds().map(({ finding, text }) => ({ finding, text }));
}

describe('a search for what can be exported', () => {
  it('finds the challenge over a connection that two sessions share', () => {
    const finds = crashes('shared-authentication', true);
    expect(finds.map(({ finding }) => finding)).toContain('no-crash session_check_idle_conn(NULL)');
    for (const { text } of finds) {
      const { header, events } = readTrace('t', text);
      const rules = findRuleSet('2.6.0');
      if (header === null || rules === undefined) throw new Error('no header');
      expect(isRefusal(realise(header.config ?? {}, events, rules))).toBe(false);
    }
  });

  it('finds no crash that takes an allocation that fails', () => {
    expect(crashes('no-memory', false)).toEqual([]);
    expect(crashes('failed-listing', false).length).toBeGreaterThan(0);
    expect(crashes('failed-listing', true)).toEqual([]);
  });

  it('refuses a world whose configuration no script can have', async () => {
    const { code, stderr } = await replay(['explore', '--exportable', 'tcp-retry']);
    expect(stderr).toMatch(/nothing of the world tcp-retry can be exported: .* \(mode\)/);
    expect(code).toBe(2);
  });
});

describe('the smallest trace that can be exported', () => {
  const trace = 'traces/bugs/b2-owner-ends-before-the-other-session-h2.after.jsonl';

  it('shows the same crash', async () => {
    const { code, stdout } = await replay(['minimize', '--exportable', '--rules', '2.6.0', trace]);
    expect(code).toBe(0);
    const { events } = readTrace('t', stdout);
    expect(events.at(-1)?.event.expect).toMatchObject({ crash: 'session_check_idle_conn' });
    expect(events.length).toBeLessThanOrEqual(
      readFileSync(trace, 'utf8').trim().split('\n').length,
    );
  });

  it.each([
    ['traces/bugs/b5-preferred-but-not-used.jsonl'],
    ['traces/bugs/b5-preferred-but-not-used.jsonl', '--rules', '2.6.0'],
    ['traces/recorded/3.2.0/s10_purge_safe.jsonl', '--rules', '2.6.0'],
  ])('is what the command gives that a refusal prints: %s %s %s', async (...args) => {
    const { code, stderr } = await replay(['export', ...args]);
    expect(code).toBe(2);
    const [, command = ''] = /the nearest that can be: replay (.*)\n/.exec(stderr) ?? [];
    const small = await replay(command.split(' '));
    expect(small.code).toBe(0);
    const script = await replay(['export', ...args.slice(1), '-'], { input: small.stdout });
    expect(script.stdout).toMatch(/^varnishtest /);
  });

  it('is not there where a failure is needed, which is named', async () => {
    const failing = 'traces/bugs/b1-retry-after-a-failed-listing-h2.after.jsonl';
    const { code, stderr } = await replay(['minimize', '--exportable', failing]);
    expect(stderr).toContain('what shows the same cannot be exported: http_wait_for_response');
    expect(code).toBe(2);
  });
});
