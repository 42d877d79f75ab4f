import { describe, expect, test } from 'vitest';
import { RULE_SETS, type RuleSet } from '../../src/engine/index.ts';
import { HUNTS, replayText, setsOfHunt } from '../../src/explore/index.ts';
import { BUGS as HISTORY } from '../../src/history/index.ts';
import { readTrace } from '../../src/trace/index.ts';
import { sized } from '../size.ts';
import { divergences, FOUND, inputs } from '../traces/corpus.ts';
import { AFTER, BEFORE, explore, findings, preset, world } from './support.ts';

const OLDEST = '2.2.0';

/** Bugs that no trace tells the search of: it has the rules, a world and the promises. */
const BUGS: readonly {
  readonly bug: string;
  readonly world: string;
  readonly finding: string;
  readonly rules?: string;
  /** Events of the shortest sequence known, from the history or from the corpus. */
  readonly known: number;
}[] = [
  {
    bug: 'B1, a session that is NULL after a failed add',
    world: 'failed-listing',
    finding: 'no-crash session_check_idle_conn(NULL)',
    known: 6,
  },
  {
    bug: 'B2, the owner of a shared connection ends first',
    world: 'shared-authentication',
    finding: 'no-crash session_check_idle_conn(NULL)',
    known: 8,
  },
  {
    bug: 'B2, both sessions authenticate, and the later owner ends first',
    world: 'shared-authentication',
    finding: 'no-crash session_check_idle_conn(freed)',
    known: 9,
  },
  {
    bug: 'B2, both sessions authenticate, and an entry stays empty',
    world: 'shared-authentication',
    finding: 'entry-not-empty',
    known: 9,
  },
  {
    bug: 'B2 over FastCGI',
    world: 'shared-authentication-fcgi',
    finding: 'no-crash session_check_idle_conn(NULL)',
    known: 8,
  },
  {
    bug: 'B3, a tcp connection survives detach',
    world: 'tcp-retry',
    finding: 'no-orphan',
    known: 3,
  },
  {
    bug: 'B3, and is idle in its session without a mark',
    world: 'tcp-retry',
    finding: 'idle-is-marked',
    known: 3,
  },
  {
    bug: 'B4, a connection is picked while connecting, by a retry',
    world: 'tcp-retry',
    finding: 'no-connecting-reuse',
    known: 4,
  },
  {
    bug: 'B4, a connection is picked while connecting, by a second stream',
    world: 'send-proxy',
    finding: 'no-connecting-reuse',
    known: 3,
  },
  {
    bug: 'B5, the idle mark is lost by the preference for the last server',
    world: 'last-server',
    finding: 'idle-is-marked',
    known: 10,
  },
  {
    bug: 'B7, no connection can be allocated',
    world: 'no-memory',
    finding: 'no-crash connect_server',
    known: 2,
  },
  {
    bug: 'B8, a shared connection points to a session that has ended',
    world: 'dangling-owner',
    finding: 'owner-is-live',
    known: 4,
  },
  {
    bug: 'a delayed mux cannot be made',
    world: 'delayed-mux',
    finding: 'no-crash si_cs_send',
    known: 3,
  },
  {
    bug: 'a takeover that fails loops for ever',
    world: 'takeover',
    finding: 'no-crash conn_free',
    known: 5,
  },
  {
    bug: 'maintenance with pool-max-conn 0',
    world: 'maintenance',
    finding: 'no-crash srv_migrate_conns_to_remove',
    known: 1,
  },
  {
    bug: 'the used count goes below zero after a failed attach',
    world: 'failed-attach',
    finding: 'counters-not-negative',
    known: 6,
  },
  {
    bug: 'B17, a private connection with a delayed mux is not listed',
    world: 'delayed-mux',
    finding: 'session-idle-is-listed',
    rules: BEFORE,
    known: 5,
  },
  {
    bug: 'B18, the second idle period is not counted',
    world: 'idle-periods',
    finding: 'idle-is-marked',
    rules: BEFORE,
    known: 5,
  },
  {
    bug: 'B18, and the limit is exceeded',
    world: 'idle-periods',
    finding: 'idle-limit',
    rules: BEFORE,
    known: 7,
  },
  {
    bug: 'B17 in 2.2.0',
    world: 'delayed-mux',
    finding: 'session-idle-is-listed',
    rules: OLDEST,
    known: 4,
  },
  {
    bug: 'B18 in 2.2.0, and the limit is exceeded',
    world: 'idle-periods',
    finding: 'idle-limit',
    rules: OLDEST,
    known: 7,
  },
  {
    bug: 'a private connection stays available, and waits in two places',
    world: 'failed-listing',
    finding: 'listed-not-pooled',
    rules: OLDEST,
    known: 4,
  },
];

describe.each(BUGS)('$bug', ({ world, finding, rules = AFTER, known }) => {
  const found = FOUND.find(
    ({ header, side }) =>
      side === null &&
      header.rules === rules &&
      header.source?.world === world &&
      header.source.property === finding,
  );

  test('is kept, no longer than the shortest sequence known', () => {
    expect(found?.events.length).toBeLessThanOrEqual(known);
  });

  test('is found anew, as the same trace', () => {
    const finds = explore(preset(world), { name: world, rules }).takeFinds();
    expect(finds.find((find) => find.finding === finding)?.text).toBe(found?.text);
  });
});

describe.each(FOUND)('traces/$name', (trace) => {
  test('is confirmed by a replay under its own rules, findings and all', () => {
    expect(trace.problems).toEqual([]);
    expect(divergences(trace)).toEqual([]);
    const { result, steps } = replayText(trace.name, trace.text, true);
    // Most worlds leave the end of handshakes out: what comes over a connection cannot be, then.
    const told = steps.flatMap(({ findings }) => findings.filter(({ stated }) => !stated));
    const others = told.filter(({ invariant }) => invariant !== 'impossible-input');
    expect(others).toEqual([]);
    const property = String(trace.header.source?.property);
    const [, how, where = null] = /^no-(crash|abort) (\w+)/.exec(property) ?? [];
    const { findings: last } = steps.at(-1) ?? { findings: [] };
    const names = last.map(({ invariant }) => invariant as string);
    const ended = [result.crash, steps.at(-1)?.outcome.abort ?? null];
    if (trace.side === 'after') {
      expect(ended).toEqual([null, null]);
      expect(names).not.toContain(property);
      return;
    }
    expect(ended).toEqual([how === 'crash' ? where : null, how === 'abort' ? where : null]);
    if (where === null && property !== 'no-leak') expect(names).toContain(property);
  });

  test('expects everything of every step', () => {
    const { events } = readTrace(trace.name, trace.text);
    for (const { event } of events) expect(event.expect).toHaveProperty('calls');
  });
});

describe.each(HUNTS)('$bug, hunted in $world as $finding', (hunt) => {
  const { bug, world, finding } = hunt;
  const sets = setsOfHunt(hunt);
  const until = RULE_SETS.findIndex(({ id }) =>
    HISTORY.some((b) => b.name === bug && b.until === id),
  );
  const cured = until === -1 ? [] : RULE_SETS.slice(until);
  const isFound = (rules: RuleSet): boolean =>
    explore(preset(world), { rules: rules.id }).search.discoveries.has(finding);

  test('is met under the rule sets that have it', () => {
    expect(sets.length).toBeGreaterThan(0);
    const looked = sets.slice(-sized(1, sets.length));
    expect(looked.filter((rules) => !isFound(rules)).map(({ id }) => id)).toEqual([]);
  });

  test('is not met any more under those in which it is cured', () => {
    const looked = cured.slice(0, sized(1, cured.length));
    expect(looked.filter(isFound).map(({ id }) => id)).toEqual([]);
  });

  test.runIf(cured.length > 0)('is kept with its cure, on the same events', () => {
    const [before, after] = ['before', 'after'].map((side) =>
      FOUND.find(
        ({ side: own, header: { source } }) =>
          own === side &&
          source?.bug === bug &&
          source.world === world &&
          source.property === finding,
      ),
    );
    expect(sets.map(({ id }) => id)).toContain(before?.header.rules);
    expect(cured[0]?.id).toBe(after?.header.rules);
    expect(before?.header.config).toEqual(after?.header.config);
    expect(before?.events.map(inputs)).toEqual(after?.events.map(inputs));
  });
});

test('B16: a shareable connection is refused by its creator: 2.2.0 parts from its repair there', () => {
  const negotiated = world({
    config: {
      frontends: { fe: {} },
      backends: { b: {} },
      servers: { 'b/srv': { alpn: 'h2,http/1.1' } },
    },
  });
  const found = explore(negotiated, { from: OLDEST, rules: BEFORE });
  expect(findings(found)).toContain('4 h2.detach.shared.checked | h2.detach.shared');
});
