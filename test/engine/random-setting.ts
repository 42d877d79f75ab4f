import fc from 'fast-check';
import type { Config, ServerConfig } from '../../src/format/index.ts';
import { EACH } from './support.ts';

const flag = fc.boolean();

/** An option that is left out most of the time. */
function maybe<K extends string, T>(key: K, value: fc.Arbitrary<T>) {
  const present = fc.record({ [key]: value } as { [Key in K]: fc.Arbitrary<T> });
  return fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: present });
}

const anyServer: fc.Arbitrary<ServerConfig> = fc
  .tuple(
    fc.constantFrom<ServerConfig>(
      {},
      { proto: 'h1' },
      { proto: 'h2' },
      { proto: 'fcgi', 'streams-limit': 2 },
      { alpn: 'h2,http/1.1' },
      { alpn: 'h2,http/1.1', ssl: true },
    ),
    maybe('streams-limit', fc.integer({ min: 1, max: 3 })),
    maybe('max-reuse', fc.integer({ min: 0, max: 2 })),
    maybe('pool-max-conn', fc.integer({ min: 0, max: 2 })),
    maybe('pool-low-conn', fc.integer({ min: 0, max: 3 })),
    maybe('pool-purge-delay', fc.constant(0)),
    maybe('send-proxy', flag),
    maybe('ssl', flag),
    maybe('sni', fc.constantFrom(true, true, false, 'constant' as const)),
    maybe('usesrc', fc.constantFrom('clientip', 'hdr_ip', 'client', 'address')),
    maybe('keep-conn', flag),
  )
  .map((parts) => Object.assign({}, ...parts) as ServerConfig);

/** Where streams of several sessions meet: what most of the corner cases need. */
const shared: fc.Arbitrary<ServerConfig> = fc.constantFrom<ServerConfig>(
  { proto: 'h2', 'streams-limit': 3 },
  { proto: 'h2', sni: true },
  { proto: 'fcgi', 'streams-limit': 3 },
);

const anyReuse = fc.constantFrom('never', 'safe', 'aggressive', 'always', 'always', 'always');

const anyConfig: fc.Arbitrary<Config> = fc
  .record({
    nbthread: fc.constantFrom(1, 1, 1, 2, 3),
    shared: flag,
    high: fc.constantFrom(undefined, 10, 4),
    low: fc.constantFrom(undefined, 6),
    most: fc.integer({ min: 0, max: 3 }),
    reuse: anyReuse,
    prefer: flag,
    one: fc.oneof(anyServer, shared),
    two: anyServer,
    tcp: anyServer,
  })
  .map(({ nbthread, shared, high, low, most, reuse, prefer, one, two, tcp }) => ({
    nbthread,
    'tune.idle-pool.shared': shared,
    ...(high === undefined ? {} : { 'pool-high-count': high }),
    ...(low === undefined ? {} : { 'pool-low-count': low }),
    frontends: { fe: { 'max-session-srv-conns': most }, checks: { 'max-session-srv-conns': 0 } },
    backends: {
      b: { 'http-reuse': reuse, 'option prefer-last-server': prefer },
      t: { mode: 'tcp' },
      d: { 'http-reuse': reuse },
    },
    servers: { 'b/one': one, 'b/two': two, 't/srv': tcp },
  }));

/** What a random trace starts from. */
export const anySetting = fc.noBias(
  fc.record({ rules: fc.constantFrom(...EACH), config: anyConfig }),
);
export type Setting = typeof anySetting extends fc.Arbitrary<infer T> ? T : never;
