import { describe, expect, it } from 'vitest';
import { allRules } from '../../src/engine/objects/rule.ts';
import { hasRule } from '../../src/engine/rule-sets/differences.ts';
import { RULE_SETS } from '../../src/engine/rule-sets/index.ts';
import { configSchema, eventSchemas, failName } from '../../src/format/index.ts';
import {
  AFTER,
  BEFORE,
  type CorpusTrace,
  divergences,
  RECORDED,
  ruleSetsOf,
  rulesReached,
  WRITTEN,
} from './corpus.ts';

/** Rules that no trace can reach, with the reason; a rule like that had better go. */
const UNREACHABLE: Readonly<Record<string, string>> = {};

/** Functions in which the modelled program can crash. */
const CRASHES = [
  'conn_free',
  'conn_set_private',
  'connect_server',
  'cs_destroy',
  'fcgi_deferred_shut',
  'h2_deferred_shut',
  'session_check_idle_conn',
  'session_unown_conn',
  'si_cs_send',
  'srv_del_conn_from_list',
  'srv_lookup_conn_next',
  'srv_migrate_conns_to_remove',
];

const reached = new Map(RULE_SETS.map(({ id }) => [id, new Set<string>()]));
for (const trace of WRITTEN) {
  for (const rules of ruleSetsOf(trace)) reach(trace, rules);
}
// A release is also shown by what was recorded of it, and by what was the same all along.
for (const { id } of RULE_SETS.filter((set) => set.id !== AFTER && set.id !== BEFORE)) {
  for (const trace of RECORDED) if (ruleSetsOf(trace).includes(id)) reach(trace, id);
  for (const trace of WRITTEN) if (divergences(trace, id).length === 0) reach(trace, id);
}

function reach(trace: CorpusTrace, rules: string): void {
  for (const id of rulesReached(trace, rules)) reached.get(rules)?.add(id);
}

describe('the hand-written traces', () => {
  it.each(RULE_SETS)('reach every rule that $id has, and no other', (set) => {
    const has = allRules()
      .filter(({ id }) => hasRule(set, id) && !(id in UNREACHABLE))
      .map(({ id }) => id);
    expect([...(reached.get(set.id) ?? [])].sort()).toEqual(has.sort());
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
    const common = ['event', 'at', 'thread', 'note', 'source', 'fail', 'expect'];
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
