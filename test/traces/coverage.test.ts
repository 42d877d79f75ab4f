import { describe, expect, it } from 'vitest';
import { allRules } from '../../src/engine/rule.ts';
import { configSchema, eventSchemas, failName } from '../../src/format/index.ts';
import { AFTER, BEFORE, ruleSetsOf, rulesReached, WRITTEN } from './corpus.ts';

/** Rules that no trace can reach, with the reason; a rule like that had better go. */
const UNREACHABLE: Readonly<Record<string, string>> = {};

/** What 08016ab82 brought: decisions that its parent never takes. */
const ONLY_AFTER = [
  'auth.private-owned',
  'connect.install.private-listed',
  'connect.new.owned',
  'create-mux.private-listed',
  'fcgi.detach.private',
  'h1.detach.private',
  'h2.detach.private',
  // Its code did not change: before, no tcp connection of a stream had an owner.
  'pt.detach.kept',
  'session.add.already-linked',
  'session.add.not-owner',
  'session.check-idle.not-owner',
];

/** What 08016ab82 took away. */
const ONLY_BEFORE = [
  'auth.private',
  'connect.install.private-unlisted',
  'connect.new.owned-without-mux',
  'connect.new.ownerless',
  'create-mux.private-unlisted',
  'fcgi.detach.private-adopted',
  'fcgi.detach.private-owned',
  'fcgi.detach.private.other-owner',
  'h1.detach.private-adopted',
  'h1.detach.private-owned',
  'h2.detach.private-adopted',
  'h2.detach.private-owned',
  'h2.detach.private.other-owner',
];

/** Functions in which the modelled program can crash. */
const CRASHES = [
  'conn_free',
  'conn_set_private',
  'connect_server',
  'cs_destroy',
  'session_check_idle_conn',
  'session_unown_conn',
  'si_cs_send',
  'srv_migrate_conns_to_remove',
];

const reached = new Map([
  [AFTER, new Set<string>()],
  [BEFORE, new Set<string>()],
]);
for (const trace of WRITTEN) {
  for (const rules of ruleSetsOf(trace)) {
    for (const id of rulesReached(trace, rules)) reached.get(rules)?.add(id);
  }
}

/** Rules that are reached under one rule set and not under the other, by id. */
function onlyUnder(rules: string, other: string): string[] {
  return [...(reached.get(rules) ?? [])].filter((id) => !reached.get(other)?.has(id)).sort();
}

describe('the hand-written traces', () => {
  it('reach every rule of the engine', () => {
    const missing = allRules()
      .map(({ id }) => id)
      .filter((id) => ![...reached.values()].some((ids) => ids.has(id)));
    expect(missing).toEqual(Object.keys(UNREACHABLE));
  });

  it('reach both sides of every difference that 08016ab82 makes', () => {
    expect(onlyUnder(AFTER, BEFORE)).toEqual(ONLY_AFTER);
    expect(onlyUnder(BEFORE, AFTER)).toEqual(ONLY_BEFORE);
  });

  it('crash in every function that can crash', () => {
    const crashes = WRITTEN.flatMap((t) => t.events.map((event) => event.expect?.crash ?? ''));
    expect([...new Set(crashes)].filter((fn) => fn !== '').sort()).toEqual(CRASHES);
  });

  it('use every input of every event', () => {
    const used = new Set<string>();
    for (const { events } of WRITTEN) {
      for (const event of events) {
        for (const key of Object.keys(event)) used.add(`${event.event} ${key}`);
      }
    }
    const common = ['event', 'at', 'thread', 'note', 'fail', 'expect'];
    const unused = Object.entries(eventSchemas).flatMap(([name, { shape }]) =>
      Object.keys(shape)
        .filter((key) => !common.includes(key) && !used.has(`${name} ${key}`))
        .map((key) => `${name} ${key}`),
    );
    expect(unused).toEqual([]);
  });

  it('fail every allocation', () => {
    const failed = new Set(WRITTEN.flatMap((t) => t.events.flatMap((event) => event.fail ?? [])));
    expect([...failed].sort()).toEqual([...failName.options].sort());
  });

  it('use every key of the configuration', () => {
    const configs = WRITTEN.map((t) => t.header.config ?? {});
    const keys = (objects: object[]) => new Set(objects.flatMap(Object.keys));
    const { frontends, backends, servers } = configSchema.shape;
    for (const [used, schema] of [
      [keys(configs), configSchema],
      [keys(configs.flatMap((c) => Object.values(c.frontends ?? {}))), inner(frontends)],
      [keys(configs.flatMap((c) => Object.values(c.backends ?? {}))), inner(backends)],
      [keys(configs.flatMap((c) => Object.values(c.servers ?? {}))), inner(servers)],
    ] as const) {
      expect([...used].sort()).toEqual(Object.keys(schema.shape).sort());
    }
  });
});

/** The schema of one entry of an optional record. */
function inner<Schema>(record: { unwrap(): { valueType: Schema } }): Schema {
  return record.unwrap().valueType;
}
